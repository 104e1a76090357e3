"""Files in and out: reading reps' files, and the handoffs, calendars and reports that leave the desk."""
