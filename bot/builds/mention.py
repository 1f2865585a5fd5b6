"""What someone wrote to the bot by its name, in a channel or a thread: the line of a command."""

import re
from typing import Final

from bot.builds.projects import Known
from bot.builds.request import NOTHING_KNOWN, HelpWanted, Parsed, UsageError, parse

_WORD: Final = re.compile(r"/?build(?=\s|$)", re.IGNORECASE)
_CALLED: Final = re.compile(r"/?(?:build|help)(?=\s|$)", re.IGNORECASE)
_SCHEDULE: Final = re.compile(r"(?:/?builds\s+)?schedules?(?=\s|$)", re.IGNORECASE)
# People copy lines with the marks around them that show them as code.
_CODE: Final = re.compile(r"(`{1,3})(?!`)(?P<line>.*?)(?<!`)\1", re.DOTALL)


def parse_mention(text: str, bot_id: str, known: Known = NOTHING_KNOWN) -> Parsed:
    """Read a message as Slack sends it: what follows the bot's name is the line."""
    called = re.search(rf"<@{re.escape(bot_id)}(?:\|[^<>]*)?>", text)
    if called is None:
        return _talk()
    line = _line(text[called.end() :])
    if text[: called.start()].strip() and not _CALLED.match(line):
        return _talk()
    if word := _WORD.match(line):
        line = line[word.end() :].strip()
    read = parse(line, known) if line else HelpWanted()
    return _elsewhere() if isinstance(read, UsageError) and _SCHEDULE.match(line) else read


def _elsewhere() -> UsageError:
    line = 'schedule fruit "Level 3" weekdays 08:00 Europe/Madrid'
    return UsageError(
        f"Schedules are for a whole channel: type `/builds {line}` there, outside threads and"
        " without my name; `/builds schedules` lists them."
    )


def _line(text: str) -> str:
    """Take the line out of what surrounds it: a colon after the name, the marks of code."""
    line = text.strip().removeprefix(":").removeprefix(",").strip()
    code = _CODE.fullmatch(line)
    return code["line"].strip() if code else line


def _talk() -> UsageError:
    return UsageError("You mentioned me, but not at the front: I read what follows my name.")
