"""The keys of the command, one by one: what each means and what it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.builds.usage import MisuseError, clip, counted

Value: TypeAlias = str | bool
Reader: TypeAlias = Callable[[str, str], Value]

SHORT: Final = 999
_YES: Final = frozenset({"yes", "y", "true", "on", "1"})
_NO: Final = frozenset({"no", "n", "false", "off", "0"})
_ENGINE: Final = re.compile(r"v?([0-9]{1,4}(?:\.[0-9]{1,6}){2}(?:-[0-9A-Za-z.\-]{1,40})?)")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the command; the help is written from these.

    `prose` may run over several lines and contain links.
    """

    name: str
    meaning: str
    example: str
    read: Reader
    prose: bool = False


def line(key: str, text: str, *, most: int = SHORT) -> str:
    """Read a text of one line."""
    if "\n" in text or "\t" in text:
        problem = f"The {key} has to fit on one line, without tabs."
        raise MisuseError(problem)
    return _prose(key, text, most=most)


def _prose(key: str, text: str, *, most: int) -> str:
    if len(text) > most:
        size = counted(len(text))
        problem = f"There are {size} characters in the {key}; at most {counted(most)} are allowed."
        raise MisuseError(problem)
    return text


def _at_most(most: int, read: Callable[..., str]) -> Reader:
    return lambda key, text: read(key, text, most=most)


def _engine(_: str, text: str) -> str:
    if found := _ENGINE.fullmatch(text):
        return found[1]
    problem = f"“{clip(text)}” is no engine version. They look like 2.20.6 or 2.21.0-beta.3."
    raise MisuseError(problem, '543988 "Level 3" engine=2.20.6')


def _one_of(*choices: str) -> Reader:
    def read(key: str, text: str) -> str:
        if text.casefold() in choices:
            return text.casefold()
        problem = f"“{clip(text)}” is not a {key}. It is either {' or '.join(choices)}."
        raise MisuseError(problem, f'543988 "Level 3" {key}={choices[0]}')

    return read


def _yes_or_no(key: str, text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    problem = f"“{clip(text)}” says neither yes nor no to {key}."
    raise MisuseError(problem, f'543988 "Level 3" {key}=yes')


# The limits are those of https://developer.playcanvas.com/user-manual/api/app-download/
KEYS: Final = (
    Key(
        "branch", "the branch to build, by name or id; the main one if left out", "branch=dev", line
    ),
    Key("name", "what the app is called, under 1,000 characters", 'name="Fruit Rush"', line),
    Key("version", "the app's version, at most 20 characters", "version=1.4.0", _at_most(20, line)),
    Key(
        "description",
        "what the app is, under 10,000 characters",
        'description="A puzzle with fruit"',
        _at_most(9_999, _prose),
        prose=True,
    ),
    Key(
        "notes",
        "release notes, at most 10,000 characters",
        'notes="Fixes the boss"',
        _at_most(10_000, _prose),
        prose=True,
    ),
    Key("engine", "the version of the engine", "engine=2.20.6", _engine),
    Key("format", "static (a web page) or npm (a project)", "format=npm", _one_of("static", "npm")),
    Key("target", "web or ios", "target=web", _one_of("web", "ios")),
    Key("minify", "make scripts small: yes or no", "minify=yes", _yes_or_no),
    Key("concatenate", "put scripts into one file: yes or no", "concatenate=yes", _yes_or_no),
    Key(
        "sourcemaps",
        "add source maps, with concatenate and minify: yes or no",
        "sourcemaps=no",
        _yes_or_no,
    ),
    Key("optimize", "make scene files small: yes or no", "optimize=yes", _yes_or_no),
    Key("preload", "put preloaded assets into one bundle: yes or no", "preload=no", _yes_or_no),
)
