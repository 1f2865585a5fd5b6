"""How `/build` is used: the help, and the answer to a line that cannot be read."""

from bot.builds.request import KEYS, UsageError
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, lines

_FORM = "<project> <scene> [<scene> …] [key=value …]"
_EXAMPLES = (
    '/build 543988 "Level 3"',
    '/build 543988 "Main Menu" "Level 3" branch=dev version=1.4.0',
    '/build 543988 "Level 3" engine=2.20.6 notes="Fixes the jump"',
)


def help_text() -> Message:
    """Explain the command with lines that can be pasted."""
    keys = "\n".join(f"• `{key.name}=` {escape(key.meaning)}" for key in KEYS)
    return message(
        f"*/build* `{escape(_FORM)}` exports a PlayCanvas app; `/build` alone opens a form.\n"
        "The project by its id, scenes by name or id, the first is the start scene. "
        "Quote names with spaces.\n"
        f"{_examples()}\n{keys}"
    )


def usage(error: UsageError) -> Message:
    """Say what was wrong with a line, and how a right one looks."""
    problem = escape(lines(error.problem))
    example = f"\nFor example: `{_pasteable(error.hint)}`" if error.hint else ""
    return message(f"{problem}{example}\nAll about it: `/build help`")


def no_form() -> Message:
    """Say how a build is asked for when Slack does not show the form."""
    return message(
        "The form did not open. Try again, or say what to build in one line:"
        f"\n{_examples()}\nAll about it: `/build help`"
    )


def _pasteable(hint: str) -> str:
    # a backtick would end the code in which the line is shown
    return f"/build {escape(lines(hint)).replace('`', '’')}"


def _examples() -> str:
    return "\n".join(f"`{line}`" for line in _EXAMPLES)
