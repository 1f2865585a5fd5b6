"""Progress on a terminal: click's bar, fed with time against the usual, then with bytes."""

import os
import sys
from contextlib import ExitStack
from typing import Any

import click

from bot.builds.saying import duration, usually
from bot.console.progress import Standing, line
from bot.console.sizes import shown

_BAR = 20
_TEMPLATE = "%(label)s  [%(bar)s]  %(info)s"
# For what stands behind the bar: a time and the usual one, or bytes and how long it still takes.
_ROOM_BEHIND = _BAR + 34
_LEAST = 12
_NARROW = 80


class Bar:
    """One line that is written over, and one below for each new thing."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._bar: Any = None  # click does not export the type
        self._about: tuple[object, ...] = ()
        self._done = 0

    def stands(self, title: str, standing: Standing) -> None:
        """Fill up with the time the likes of it take; without any, show that it goes on."""
        usual, elapsed = standing.usual, standing.elapsed
        whole = max(1, round(usual.high.total_seconds())) if usual else None
        label = _fitting(title, f": {standing.words}")
        self._open(("job", whole), label, whole, percent=False)
        item = f"{duration(elapsed)}, {usually(usual)}" if usual else duration(elapsed)
        if whole is None:
            self._bar.update(1, item)
        else:
            self._bar.current_item = item
            self._bar.pos = min(whole, int(elapsed.total_seconds()))
            self._bar.render_progress()

    def moves(self, deed: str, done: int, total: int | None) -> None:
        """Fill up with bytes."""
        self._open((deed, total), _fitting(deed), total or None, percent=True)
        item = shown(done) + (f" of {shown(total)}" if total else "")
        if done < self._done:
            # A download that began anew.
            self._bar.pos = self._done = 0
        self._bar.update(done - self._done, item)
        self._done = done

    def note(self, line: str) -> None:
        """Write a line below the bar."""
        self.close()
        click.echo(line, err=True)

    def close(self) -> None:
        """Finish the line of the bar."""
        self._stack.close()
        self._about = ()

    def _open(
        self, about: tuple[object, ...], label: str, length: int | None, *, percent: bool
    ) -> None:
        if about == self._about:
            self._bar.label = label
            return
        self._stack.close()
        self._about, self._done = about, 0
        bar = click.progressbar(
            # Of something without a length it shows that it moves.
            (None for _ in ()) if length is None else None,
            length=length,
            label=label,
            file=sys.stderr,
            width=_BAR,
            bar_template=_TEMPLATE,
            show_percent=percent and length is not None,
            show_eta=percent,
            item_show_func=lambda item: None if item is None else str(item),
            update_min_steps=max(1, (length or 0) // 500) if percent else 1,
        )
        self._bar = self._stack.enter_context(bar)


def _fitting(name: str, words: str = "") -> str:
    """Shorten a name, then all of it, so that the line is not broken into two."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or _NARROW
    except (OSError, ValueError):
        columns = _NARROW
    room = max(_LEAST, columns - _ROOM_BEHIND)
    return line(line(name, max(_LEAST, room - len(words))) + words, room)
