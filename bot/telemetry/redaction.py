"""Redaction: what must never be read in a log, a metric or an error."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_HIDDEN = "[hidden]"
_NAMES = r"\w*(?:token|secret|password|signature|authorization)"
_PATTERNS = (
    # Slack's tokens of every kind
    (re.compile(r"x(?:ox[a-z]|app)-[\w-]+"), _HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\",;]+"), rf"\1 {_HIDDEN}"),
    # token=…, 'token': '…' and "token": "…", in a query, a repr or JSON
    (
        re.compile(
            rf"""(?ix) ( \b {_NAMES} (?: =['"]? | \\?['"]\s*:\s*\\?['"] ) )
            [^\s'",;&)\\]+"""
        ),
        rf"\1{_HIDDEN}",
    ),
    # Download links and response URLs are secrets in themselves: the host is all one needs. JSON
    # may write their slashes as \/, and a link may hold anything but white space.
    (
        re.compile(
            r"""(?ix) \b ([a-z][a-z0-9+.-]*:) (?:\\*/){2} (?:[^\s/@'"<>\\]*@)?
            ([^\s/?\#'"<>|\\,;)\]}]+) (?:[/?\#\\]\S*)?"""
        ),
        r"\1//\2/…",
    ),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*)%3a%2f%2f([\w.-]+)\S*"), r"\1://\2/…"),
)
_SHORTEST = 4


class Redactor:
    """Hides given secrets, tokens by their shape, and every URL behind its host."""

    def __init__(self, secrets: Sequence[str]) -> None:
        # The longest first: one secret may begin with another. Very short ones would hide words.
        known = sorted({each for each in secrets if len(each) >= _SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, value: Any) -> Any:  # noqa: ANN401 - a log line holds anything
        """Return the value without what must not be read, however deep it lies."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {self(str(name)): self._beside(str(name), each) for name, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self(each) for each in value]
        return self._text(value if isinstance(value, str) else str(value))

    def _beside(self, name: str, value: object) -> object:
        if isinstance(value, str | bytes) and re.fullmatch(_NAMES, name, re.IGNORECASE):
            return _HIDDEN
        return self(value)

    def _text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(_HIDDEN, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text
