"""Progress on a terminal: click's bar, fed with time against the usual, then with bytes."""

import shutil
import sys
from contextlib import ExitStack
from typing import Any

import click

from bot.builds.saying import duration, usually
from bot.console.progress import Standing, line
from bot.console.sizes import shown

_BAR = 20
_ROOM_FOR_REST = _BAR + 40
_TEMPLATE = "%(label)s  [%(bar)s]  %(info)s"


class Bar:
    """One line that is written over, and one below for each new thing."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._bar: Any = None  # click does not export the type
        self._about: tuple[object, ...] = ()
        self._done = 0

    def stands(self, title: str, standing: Standing) -> None:
        """Fill up with the time the likes of it take; without any, show that it goes on."""
        usual = standing.usual
        whole = max(1, round(usual.high.total_seconds())) if usual else None
        self._open(("job", whole), whole, percent=False)
        self._bar.label = _fitting(f"{title}: {standing.words}")
        elapsed = duration(standing.elapsed)
        self._bar.current_item = f"{elapsed}, {usually(usual)}" if usual else elapsed
        if whole is not None:
            self._bar.pos = min(whole, int(standing.elapsed.total_seconds()))
        self._bar.render_progress()

    def moves(self, deed: str, done: int, total: int | None) -> None:
        """Fill up with bytes."""
        self._open((deed, total), total or None, percent=True)
        self._bar.label = _fitting(deed)
        item = shown(done) + (f" of {shown(total)}" if total else "")
        if done < self._done:
            # A download that began anew.
            self._bar.pos = 0
            self._done = 0
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

    def _open(self, about: tuple[object, ...], length: int | None, *, percent: bool) -> None:
        if about == self._about:
            return
        self._stack.close()
        self._about, self._done = about, 0
        bar = click.progressbar(
            iter(()) if length is None else None,
            length=length,
            file=sys.stderr,
            width=_BAR,
            bar_template=_TEMPLATE,
            show_percent=percent and length is not None,
            show_eta=percent,
            item_show_func=lambda item: None if item is None else str(item),
            update_min_steps=max(1, (length or 0) // 500) if percent else 1,
        )
        self._bar = self._stack.enter_context(bar)


def _fitting(label: str) -> str:
    columns = shutil.get_terminal_size().columns
    return line(label, max(10, columns - _ROOM_FOR_REST))
