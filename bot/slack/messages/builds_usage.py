"""How `/builds` is used: the help, and the answer to a line that cannot be read."""

from bot.builds.history import MOST_LISTED, STATES, USUALLY_LISTED
from bot.builds.usage import UsageError
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, lines

_WAYS = (
    ("", f"what is under way in this channel, and the last {USUALLY_LISTED} that are over"),
    ("fruit failed 20", f"those of a project, in a state, up to {MOST_LISTED} at a time"),
    ("mine", "your own, wherever you asked for them"),
    ("latest fruit branch=dev", "the last one that got ready, with its link"),
    ("show 142", "everything about one: parameters, ids, what happened when"),
    ("retry 142", "the same once more"),
    ("stop 142", "cancel one that waits; leave one that runs unwatched"),
    ('schedule fruit "Level 3" weekdays 08:00 Europe/Madrid', "build it again and again"),
    ("schedules", "what is built again and again in this channel: pause, run, delete"),
    ("audit fruit 7d", "who started, stopped and changed what; for admins"),
)


def help_text() -> Message:
    """Explain the command with lines that can be pasted."""
    ways = "\n".join(f"• `{_line(line)}` {meaning}" for line, meaning in _WAYS)
    return message(
        "*/builds* lists builds and steers them; only you see the answers.\n"
        f"{ways}\nStates are {', '.join(STATES)}."
    )


def usage(error: UsageError) -> Message:
    """Say what was wrong with a line, and how a right one looks."""
    problem = escape(lines(error.problem))
    # a backtick would end the code in which the line is shown
    line = _line(escape(lines(error.hint)).replace("`", "’")) if error.hint else ""
    example = f"\nFor example: `{line}`" if line else ""
    return message(f"{problem}{example}\nAll about it: `/builds help`")


def _line(rest: str) -> str:
    return f"/builds {rest}".rstrip()
