"""Progress in a log: a line for each change, and one now and then while nothing changes."""

from collections.abc import Callable
from time import monotonic

import click

from bot.console.progress import Standing
from bot.console.sizes import shown

_STILL_EVERY = 30.0
_BYTES_EVERY = 10.0


class Lines:
    """Writes whole lines to standard error."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._words = ""
        self._deed = ""
        self._said_at = clock()

    def stands(self, title: str, standing: Standing) -> None:
        """Say what has changed, and every half minute that nothing has."""
        if standing.words != self._words:
            self._words = standing.words
            usual = str(standing).removeprefix(str(Standing(standing.words, standing.elapsed)))
            self.note(f"{title}: {standing.words}{usual}")
        elif self._clock() - self._said_at >= _STILL_EVERY:
            self.note(f"{title}: still {standing}")

    def moves(self, deed: str, done: int, total: int | None) -> None:
        """Say what begins, and every ten seconds how far it is."""
        if deed != self._deed:
            self._deed = deed
            self.note(deed + (f": {shown(total)}" if total is not None else ""))
        elif self._clock() - self._said_at >= _BYTES_EVERY:
            self.note(f"{deed}: {shown(done)}" + (f" of {shown(total)}" if total else ""))

    def note(self, line: str) -> None:
        """Write a line."""
        click.echo(line, err=True)
        self._said_at = self._clock()

    def close(self) -> None:
        """Do nothing: every line is whole."""
