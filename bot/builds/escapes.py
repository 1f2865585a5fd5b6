"""Undoing what Slack does to text on its way here: escapes, links, mentions."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.builds.usage import MisuseError, counted

MAX_TEXT: Final = 40_000

_SIGNS: Final = {"amp": "&", "lt": "<", "gt": ">"}
_LINES: Final = dict.fromkeys(map(ord, "\u2028\u2029"), "\n")
# Zero-width spaces, joiners of words and direction marks travel along when text is pasted.
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u200e\u200f"))
# These turn the direction of what follows, and so can make a name look like another one.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# https://api.slack.com/interactivity/slash-commands#creating_commands, "Escape channels, users,
# and links": what people type arrives as &lt;…&gt;, so a bare <…> was written by Slack itself.
_TOKEN: Final = re.compile(
    r"<(?P<mention>[@#!])[^<>]*>"
    r"|<(?P<url>[a-z][a-z0-9+.\-]*:[^<>|]*)(?:\|(?P<label>[^<>]*))?>"
    r"|&(?P<sign>amp|lt|gt);"
    r"|(?P<char>.)",
    re.DOTALL | re.IGNORECASE,
)
_MENTIONED: Final = {"@": "a person", "#": "a channel", "!": "a group of people"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One character that was typed, or a whole link."""

    text: str
    link: bool = False

    @property
    def is_space(self) -> bool:
        """Say whether this separates words."""
        return self.text.isspace()


def unescape(text: str) -> list[Piece]:
    """Turn Slack's text into pieces, or raise MisuseError for what can't be part of a build."""
    if len(text) > MAX_TEXT:
        problem = f"That is too long to read: at most {counted(MAX_TEXT)} characters."
        raise MisuseError(problem)
    return [_piece(match) for match in _TOKEN.finditer(plain(text))]


def plain(text: str) -> str:
    """Take away what cannot be seen, or raise MisuseError for what nothing may hold."""
    seen = text.replace("\r\n", "\n").translate(_LINES).translate(_UNSEEN)
    _refuse_controls(seen)
    return seen


def is_name(text: str) -> bool:
    """Say whether a name can be typed as it is, on one line."""
    return not any(char in "\n\t" or _is_control(char) for char in text)


def escape(text: str) -> str:
    """Write text as Slack would send it when someone types it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _piece(match: re.Match[str]) -> Piece:
    if char := match["char"]:
        return Piece(char)
    if sign := match["sign"]:
        return Piece(_SIGNS[sign.lower()])
    if mention := match["mention"]:
        raise MisuseError(_mention(mention))
    return _link(_unsigned(match["url"]), _unsigned(match["label"] or ""))


def _link(url: str, label: str) -> Piece:
    """Read a link as what was typed: Slack makes links of addresses and of names like level.io."""
    address = url.split(":", 1)[1].removeprefix("//")
    if label == address and "." in label and "/" not in label:
        return Piece(label)
    return Piece(url if label in ("", url, address) else f"{label} ({url})", link=True)


def _unsigned(text: str) -> str:
    return re.sub(r"&(amp|lt|gt);", lambda match: _SIGNS[match[1]], text)


def _mention(kind: str) -> str:
    return (
        f"There is a mention of {_MENTIONED[kind]} in the command, which can't be part of a build."
        " Write plain text there, or use the scene's id."
    )


def _refuse_controls(text: str) -> None:
    if found := next(filter(_is_control, text), None):
        problem = (
            f"There is a control character (U+{ord(found):04X}) in there."
            " Type it again by hand, or paste it as plain text."
        )
        raise MisuseError(problem)


def _is_control(char: str) -> bool:
    """Say whether a character may not be in anything; lone surrogates fit into no encoding."""
    return char in _TURNING or (char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs"})
