"""Everything given as key=value: read by the rules of each key, then held against each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from bot.builds.keys import KEYS, Key
from bot.builds.names import nearest
from bot.builds.usage import EXAMPLE, MisuseError, clip
from bot.builds.words import DASHES, Word

_KEYS: Final = {key.name: key for key in KEYS}
_SCRIPTS: Final = ("minify", "concatenate", "sourcemaps", "optimize")
_ALIKE: Final = 0.55
_LONGEST_HINT: Final = 300


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build may be given beside its scenes; None leaves the choice to PlayCanvas."""

    name: str | None = None
    version: str | None = None
    description: str | None = None
    notes: str | None = None
    engine: str | None = None
    format: Literal["static", "npm"] | None = None
    target: Literal["web", "ios"] | None = None
    minify: bool | None = None
    concatenate: bool | None = None
    sourcemaps: bool | None = None
    optimize: bool | None = None
    preload: bool | None = None


def read(words: Sequence[Word]) -> tuple[str | None, BuildOptions]:
    """Read the branch and the options, or raise MisuseError."""
    given: dict[str, Any] = {}
    for word in words:
        if is_option(word):
            key = _key(word, words)
            given[key.name] = _value(key, word, already=key.name in given)
    branch = given.pop("branch", None)
    return branch, settle(given)


def is_option(word: Word) -> bool:
    """Say whether a word is a key=value, or --key as one would type it elsewhere."""
    return word.key is not None or (not word.quoted and word.text.startswith(DASHES))


def refuse_link(word: Word) -> None:
    """Raise MisuseError when Slack made a link of a word that has to be plain."""
    if word.link:
        problem = (
            f"There is a link, {clip(word.text)}, where plain text belongs: type a name there."
        )
        raise MisuseError(problem)


def _key(word: Word, words: Sequence[Word]) -> Key:
    """Find the key of a word; dashes before it are forgiven, as in --branch=dev."""
    name = word.name
    if not name:
        problem = "There is a = with no key before it. Write key=value without spaces around the =."
        raise MisuseError(problem)
    if name not in _KEYS:
        raise _unknown(name, word, words)
    return _KEYS[name]


def _value(key: Key, word: Word, *, already: bool) -> str | bool:
    example = f'543988 "Level 3" {key.example}'
    if already:
        problem = f"{key.name} is given twice. Keep the one that you mean."
        raise MisuseError(problem, example)
    if word.key is None or not word.text:
        problem = f"{key.name} has no value. Write it after a =, without spaces around it."
        raise MisuseError(problem, example)
    if not key.prose:
        refuse_link(word)
    return key.read(key.name, word.text)


def _unknown(name: str, word: Word, words: Sequence[Word]) -> MisuseError:
    """Offer the keys that look like it; if there is only one, with the line set right."""
    alike = nearest(name, _KEYS, most=2, likeness=_ALIKE)
    meant = f"Did you mean {' or '.join(alike)}?" if alike else f"The keys are {', '.join(_KEYS)}."
    problem = (
        f"There is no key “{clip(name)}”. {meant} If it belongs to a name, put that in quotes."
    )
    if word.key is None or len(alike) != 1:
        return MisuseError(problem)
    right = " ".join(str(replace(word, key=alike[0]) if it is word else it) for it in words)
    return MisuseError(problem, right if len(right) <= _LONGEST_HINT else EXAMPLE)


def settle(given: Mapping[str, Any]) -> BuildOptions:
    """Hold values that were read one by one against each other, or raise MisuseError."""
    options = BuildOptions(**given)
    if options.format == "npm":
        return _npm(options)
    if options.sourcemaps and not (options.concatenate and options.minify is not False):
        problem = "Source maps need scripts that are concatenated and minified."
        raise MisuseError(problem, '543988 "Level 3" sourcemaps=yes concatenate=yes minify=yes')
    return options


def _npm(options: BuildOptions) -> BuildOptions:
    """Switch off what npm builds don't have, as PlayCanvas's Editor does."""
    for key in _SCRIPTS:
        if getattr(options, key):
            problem = f"An npm build takes no {key}=yes. Leave it out, or use format=static."
            raise MisuseError(problem, '543988 "Level 3" format=npm')
    return replace(options, minify=False, concatenate=False, sourcemaps=False, optimize=False)
