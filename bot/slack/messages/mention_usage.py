"""How the bot is used by its name: the help, and the answer to a message that cannot be read."""

from bot.builds.request import UsageError
from bot.builds.usage import EXAMPLE
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, lines

_EXAMPLES = (EXAMPLE, '543988 "Main Menu" "Level 3" version=1.4.0')


def mention_help(bot_id: str) -> Message:
    """Explain how to ask for a build in a message, where slash commands can't go."""
    examples = "\n".join(_pasteable(bot_id, line) for line in _EXAMPLES)
    return message(
        "Mention me with a line like these, in a channel or in a thread. In a thread the card and"
        f" the reply stay in that thread.\n{examples}\n"
        "The project by its id or short name, scenes by name or id, the first is the start scene."
        " Quote names with spaces. All keys: `/build help`"
    )


def mention_usage(error: UsageError, bot_id: str) -> Message:
    """Say what was wrong with a message, and how a right one looks."""
    example = f"\nFor example: {_pasteable(bot_id, error.hint)}" if error.hint else ""
    return message(f"{escape(lines(error.problem))}{example}\nAll about it: <@{bot_id}> `help`")


def _pasteable(bot_id: str, line: str) -> str:
    # a backtick would end the code in which the line is shown
    return f"<@{bot_id}> `build {escape(lines(line)).replace('`', '’')}`"
