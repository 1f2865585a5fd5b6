"""Splitting a command into words, with quotes as every keyboard types them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.builds.escapes import Piece, escape, unescape
from bot.builds.usage import MisuseError, clip

_SINGLE: Final = "'‘’‚‛′`´＇"
_FAMILIES: Final = ('"“”„‟″＂', _SINGLE, "«»", "‹›", "「」", "『』")
_FAMILY: Final = {glyph: family for family in _FAMILIES for glyph in family}
DASHES: Final = ("--", "—", "–")
"""What people put before a key out of habit; phones turn two hyphens into one long dash."""
_WRAPPINGS: Final = ("{}", '"{}"', "'{}'", "«{}»", "「{}」")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: a name, or what was given for a key."""

    text: str
    key: str | None = None
    quoted: bool = False
    link: bool = False

    def __str__(self) -> str:
        """Write the word so that it can be pasted."""
        return quote(self.text) if self.key is None else f"{self.key}={quote(self.text)}"

    @property
    def name(self) -> str:
        """The key, or the word, in small letters without the dashes that may stand before it."""
        return (self.text if self.key is None else self.key).lstrip("-—–").casefold()


def split(text: str) -> tuple[Word, ...]:
    """Split what Slack sent into words, or raise MisuseError."""
    pieces = unescape(text)
    words: list[Word] = []
    at = _after_spaces(pieces, 0)
    while at < len(pieces):
        word, at = _word(pieces, at)
        words.append(word)
        at = _after_spaces(pieces, at)
    return tuple(words)


def quote(text: str) -> str:
    """Write a word so that it is read back as it is, with the plainest quotes that will do."""
    # A word that begins with a dash reads as a key.
    for wrapping in _WRAPPINGS[1:] if text.startswith(DASHES) else _WRAPPINGS:
        line = wrapping.format(text)
        try:
            words = split(escape(line))
        except MisuseError:
            continue
        if [(word.text, word.key) for word in words] == [(text, None)]:
            return line
    return text


def _word(pieces: Sequence[Piece], start: int) -> tuple[Word, int]:
    """Read the word that begins at `start` and say where it ends."""
    key, at = _key(pieces, start)
    family = _family(pieces[at]) if at < len(pieces) else ""
    if family:
        end = _closing(pieces, at, family)
        inside, after = pieces[at + 1 : end], end + 1
    else:
        after = _end(pieces, at)
        inside = pieces[at:after]
    link = any(piece.link for piece in inside)
    return Word(_text(inside).strip(), key, bool(family), link), after


def _key(pieces: Sequence[Piece], start: int) -> tuple[str | None, int]:
    """Read what stands before the first "=" of an unquoted word, if there is one."""
    if _family(pieces[start]):
        return None, start
    for at in range(start, _end(pieces, start)):
        if pieces[at].text == "=":
            return _text(pieces[start:at]), at + 1
    return None, start


def _closing(pieces: Sequence[Piece], start: int, family: str) -> int:
    """Find the quote that closes the one at `start`; quotes in quotes count, apostrophes don't."""
    depth = 1
    for at in range(start + 1, len(pieces)):
        if _family(pieces[at]) != family:
            continue
        if _closes(pieces, at, family):
            depth -= 1
        elif family != _SINGLE:
            if not (pieces[at - 1].is_space or _family(pieces[at - 1]) == family):
                raise MisuseError(_stuck(pieces, at))
            depth += 1
        if not depth:
            return at
    raise MisuseError(_unclosed(pieces, start))


def _closes(pieces: Sequence[Piece], at: int, family: str) -> bool:
    """Say whether a word ends here, where closing quotes of quotes in quotes may follow."""
    after = at + 1
    # Deeper nesting than this is nobody's name, and looking further would take for ever.
    while after < min(len(pieces), at + 4) and _family(pieces[after]) == family:
        after += 1
    return after == len(pieces) or pieces[after].is_space


def _family(piece: Piece) -> str:
    return _FAMILY.get(piece.text, "")


def _after_spaces(pieces: Sequence[Piece], at: int) -> int:
    while at < len(pieces) and pieces[at].is_space:
        at += 1
    return at


def _end(pieces: Sequence[Piece], at: int) -> int:
    while at < len(pieces) and not pieces[at].is_space:
        at += 1
    return at


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _unclosed(pieces: Sequence[Piece], start: int) -> str:
    rest = clip(_text(pieces[start + 1 :]))
    place = f"before {rest}" if rest else "at the end"
    return (
        f"The quote {pieces[start].text} {place} is never closed."
        " Close it after the name, with a space or nothing behind it."
    )


def _stuck(pieces: Sequence[Piece], at: int) -> str:
    return (
        f"The quote {pieces[at].text} stands in the middle of a word:"
        f" {clip(_text(pieces[max(0, at - 20) : at + 20]))}."
        " Put a space behind a closing quote; around a name that has quotes in it,"
        " use another kind, like '…'."
    )
