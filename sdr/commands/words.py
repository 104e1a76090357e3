"""Every word of the `sdr` command and where it is kept; a word's module is imported when it is called."""

from __future__ import annotations

import importlib

import click

import sdr

# word: (module, attribute, what it does). The text stands here so that `--help` imports nothing.
COMMANDS = {
    "demo": ("sdr.commands.trying", "demo", "Open the desk on invented sample data; nothing of yours is touched."),
    "where": ("sdr.commands.whereabouts", "where", "Every path in use."),
    "import": ("sdr.commands.leads_in", "import_", "Bring in a CSV, TSV or XLSX file of leads (- for stdin)."),
    "add": ("sdr.commands.adding", "add", 'Add one lead: "Ana Ruiz, Acme Pumps, ana@acme.example, show:Hannover".'),
    "duplicates": ("sdr.commands.doubles", "duplicates", "Pairs of leads that may be one person, and why."),
    "merge": ("sdr.commands.merging", "merge", "Join two leads that are one person; --keep FIELD=a|b."),
    "unmerge": ("sdr.commands.merging", "unmerge", "Take two merged leads apart, whatever was done since."),
    "queue": ("sdr.commands.day", "queue", "The queue in order, each item with its why."),
    "leads": ("sdr.commands.day", "leads_", "All leads, newest first, or those that --filter lets through."),
    "next": ("sdr.commands.day", "next_", "The head of the queue, with its card."),
    "show": ("sdr.commands.day", "show", "The card of one lead: state, answers, score, timeline."),
    "accept": ("sdr.commands.verdicts", "accept", "Mine: into the drip, first step now."),
    "reject": ("sdr.commands.verdicts", "reject", "Not a lead, before contact; REASON is a digit or its key."),
    "disqualify": ("sdr.commands.verdicts", "disqualify", "A no after contact; REASON is a digit or its key."),
    "nurture": ("sdr.commands.verdicts", "nurture", "Not now: asleep until a date."),
    "snooze": ("sdr.commands.verdicts", "snooze", "The same next step, later."),
    "give": ("sdr.commands.verdicts", "give", "To another rep."),
    "note": ("sdr.commands.verdicts", "note", "A note about the lead."),
    "answer": ("sdr.commands.verdicts", "answer", "Rubric answers: criterion=level."),
    "bulk": ("sdr.commands.many", "bulk", "One verb on every lead that --filter lets through; --dry-run first."),
    "call": ("sdr.commands.touches", "call", "A finished call and its outcome."),
    "touch": ("sdr.commands.touches", "touch", "A done touch on a channel."),
    "reply": ("sdr.commands.touches", "reply", "An incoming reply of a kind."),
    "skip": ("sdr.commands.touches", "skip", "Skip the due step, with a reason."),
    "enroll": ("sdr.commands.drip", "enroll", "Put a lead into a drip; --dry-run shows the real dates."),
    "pause": ("sdr.commands.drip", "pause", "The drip of a lead waits; --all for every drip of yours."),
    "resume": ("sdr.commands.drip", "resume", "A paused drip goes on; --all for every one of yours."),
    "stop": ("sdr.commands.drip", "stop", "A lead leaves its drip for good."),
    "away": ("sdr.commands.workdays", "away", "Time off: covered by a colleague, or waiting for your return."),
    "catch-up": ("sdr.commands.workdays", "catch_up", "Spread what is overdue over days that have room."),
    "gate": ("sdr.commands.gate", "gate", "May this lead be reached on this channel, and why not."),
    "permission": ("sdr.commands.gate", "permission", "What makes contact lawful: basis, consent, dates of the lists."),
    "opt-out": ("sdr.commands.gate", "opt_out", "Never again on a channel, from now on."),
    "lift": ("sdr.commands.gate", "lift", "Take back a wish not to be contacted, by name and with a note."),
    "cadence": ("sdr.commands.cadences", "cadence", "Drips: list, check, load, show, preview of the real dates."),
    "clock": ("sdr.commands.clocks", "clock", "The calendar's arithmetic: due, elapsed."),
    "undo": ("sdr.commands.past", "undo", "Take back the last act, or the last N."),
    "redo": ("sdr.commands.past", "redo", "Bring again what was taken back."),
    "history": ("sdr.commands.past", "history", "The journal, of one lead or of all."),
    "rubric": ("sdr.commands.agreed", "rubric", "The agreement: show, check, load, sign."),
    "text": ("sdr.commands.texts", "text", "Message texts: list, show, check, load, approve, retire, diff."),
    "source": ("sdr.commands.agreed", "source", "Sources: cost, owner, agreed target."),
    "aes": ("sdr.commands.executives", "aes", "Account executives."),
    "handoff": ("sdr.commands.handoffs", "handoff", "Offer a qualified lead to an AE; answer, recall, outcome."),
    "handoffs": ("sdr.commands.handoffs", "handoffs", "All handoffs with their clocks."),
    "day": ("sdr.commands.ending", "day", "The four lists of the day's end, and the summary."),
    "export": ("sdr.commands.ending", "export", "Handoffs, activity, digest and calendar of a day."),
    "outbox": ("sdr.commands.outbox", "outbox", "What waits to leave; --write makes drafts (.eml) of the mails."),
    "letters": ("sdr.commands.outbox", "letters", "Letters and postcards; --batch prints them with labels."),
    "calendar": ("sdr.commands.outbox", "calendar", "Callbacks, meetings and today's touches as one .ics."),
    "mail": ("sdr.commands.mail", "mail", "Send waiting e-mails and hear replies by your own mailbox (off until set)."),
    "doctor": ("sdr.commands.care", "doctor", "Check the desk; --rebuild folds the journal again and compares."),
    "backup": ("sdr.commands.care", "backup", "A copy of the desk's file, verified."),
    "restore": ("sdr.commands.care", "restore", "Put a copy back (the present file is kept aside)."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every word, in the order of the day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a word."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of words with what they do, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(word, text) for word, (_, _, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", metavar="DIR", help="The folder of this rep's file, config and exports.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.version_option(sdr.__version__, prog_name="sdr", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, home: str | None, debug: bool) -> None:
    """The desk: a rep's whole day in the terminal. Without a command it opens."""
    if ctx.invoked_subcommand is None:
        from sdr.commands.opening import open_desk

        ctx.exit(open_desk(home))
