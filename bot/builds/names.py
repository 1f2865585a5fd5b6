"""Which project, scene or branch was meant: found, unknown or ambiguous, never guessed."""

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from bot.builds.escapes import is_name

# Only accents of letters: the marks of Japanese, Hindi or Hebrew make other letters.
_ACCENTS: Final = dict.fromkeys([*range(0x300, 0x370), 0xFE0E, 0xFE0F])
_TYPED_AT_MOST: Final = 200
_UNSEEN: Final[dict[int, str | None]] = {
    **dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u200e\u200f")),
    # What a message leaves out of a name, nobody can type.
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " "),
}
# Phones rewrite quotes and dashes while people type, and some letters carry their accent inside.
_TYPOGRAPHY: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑–−", "-"),
        "—": "--",
        **dict(zip("łŁøØđĐı", "lLoOdDi", strict=True)),
    }
)


class Named(Protocol):
    """Anything that has a name and an id at PlayCanvas."""

    @property
    def id(self) -> int | str:
        """The id, which never changes."""

    @property
    def name(self) -> str:
        """The name as its owner spells it; others may have the same."""


N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Found(Generic[N]):
    """Exactly one was meant."""

    item: N


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing has that name; `nearest` are the names most like it, best first."""

    wanted: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several could be meant; those that share their name carry their id: "Level 3 (id 12)".

    `typed` says of each what can be typed to mean it: its name, or the id where others share it
    or nobody would type it.
    """

    wanted: str
    candidates: tuple[str, ...]
    typed: tuple[str, ...]


def find(wanted: str, items: Sequence[N]) -> Found[N] | Unknown | Ambiguous:
    """Find the one that was meant by id, exact name, folded name or beginning of a name."""
    for fits in _ways(wanted):
        matches = [item for item in items if fits(item)]
        if len(matches) == 1:
            return Found(matches[0])
        if matches:
            return Ambiguous(wanted, _labels(matches), _typed(matches, items))
    return Unknown(wanted, nearest(wanted, [item.name for item in items]))


def nearest(
    wanted: str, names: Iterable[str], most: int = 3, *, likeness: float = 0.0
) -> tuple[str, ...]:
    """Choose the names most like the wanted one, best first.

    `likeness` is the least that counts, from 0 (anything) to 1 (the same).
    """
    spelt = {fold(name): name for name in names}
    found = difflib.get_close_matches(fold(wanted), spelt, most, likeness)
    return tuple(spelt[name] for name in found)


def fold(text: str) -> str:
    """Reduce a name to what people remember: no case, accents, width, typography or extra space."""
    typed = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHY).translate(_UNSEEN))
    bare = unicodedata.normalize("NFKD", typed.casefold()).translate(_ACCENTS)
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _ways(wanted: str) -> tuple[Callable[[Named], bool], ...]:
    """List the ways to mean something, the surest first.

    An id and an exact name are equally sure: a scene may be called by another scene's id.
    """
    spelling, folded = _spelling(wanted), fold(wanted)
    return (
        lambda item: str(item.id) == spelling or _spelling(item.name) == spelling,
        lambda item: fold(item.name) == folded,
        lambda item: bool(folded) and fold(item.name).startswith(folded),
    )


def _spelling(name: str) -> str:
    """Write a name with plain spaces, and accents in the letters they belong to."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _typed(matches: Sequence[Named], items: Sequence[Named]) -> tuple[str, ...]:
    def means(name: str) -> int:
        surest = _ways(name)[0]
        return sum(surest(item) for item in items)

    def does(name: str) -> bool:
        return len(name) <= _TYPED_AT_MOST and is_name(name) and means(name) == 1

    return tuple(item.name if does(item.name) else str(item.id) for item in matches)


def _labels(items: Sequence[Named]) -> tuple[str, ...]:
    names = [item.name for item in items]
    unique = len(set(names)) == len(names)
    return tuple(item.name if unique else f"{item.name} (id {item.id})" for item in items)
