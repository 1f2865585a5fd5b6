"""A finding: one thing that was looked at, how it is, and what to do about it."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not well."""

    subject: str
    well: bool
    said: str
    advice: str = ""

    @classmethod
    def good(cls, subject: str, said: str) -> Self:
        """Say that something is as it should be."""
        return cls(subject, well=True, said=said)

    @classmethod
    def bad(cls, subject: str, said: str, advice: str) -> Self:
        """Say what is not well, and what to do about it."""
        return cls(subject, well=False, said=said, advice=advice)

    def __str__(self) -> str:
        """Write the finding for a terminal."""
        mark = "ok  " if self.well else "BAD "
        advice = f"\n     -> {self.advice}" if self.advice else ""
        return f"{mark} {self.subject}: {self.said}{advice}"
