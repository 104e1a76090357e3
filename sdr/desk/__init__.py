"""The rep's verbs: `verb(session, …plain values…, now) -> Change | Refused`, one file per part of the day."""
