import os
import pty
import re
import sys
from contextlib import suppress
from datetime import timedelta

import click
import pytest

from bot.builds.usual import Usual
from bot.console.bar import Bar
from bot.console.plain import Lines
from bot.console.progress import Standing, line
from bot.console.sizes import read_size, shown

MINUTE = timedelta(minutes=1)
USUAL = Usual(timedelta(seconds=40), timedelta(seconds=70))


def drawn(monkeypatch: pytest.MonkeyPatch, *, columns: int = 100) -> list[str]:
    """Build, download and begin the download anew on a terminal; return what it showed."""
    ours, theirs = pty.openpty()
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((columns, 24)))
    with os.fdopen(theirs, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        bar = Bar()
        bar.stands("fruit · Level 3", Standing("queued, 2nd in line", timedelta(seconds=3)))
        bar.stands("fruit · Level 3", Standing("building", timedelta(seconds=35), USUAL))
        bar.note("ready")
        for done in (400_000, 900_000, 300_000, 1_000_000):
            bar.moves("downloading a.zip", done, 1_000_000)
        bar.close()
    shown = _read(ours)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "\n").split("\n")


def _read(terminal: int) -> str:
    """Read what was shown, to its end."""
    shown = b""
    # How Linux says that nobody writes to it any more.
    with suppress(OSError):
        while piece := os.read(terminal, 65_536):
            shown += piece
    os.close(terminal)
    return shown.decode()


def test_a_bar_fills_with_time_and_with_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [frame.rstrip() for frame in drawn(monkeypatch)]
    assert "fruit · Level 3: queued, 2nd in line  [" in "".join(frames)
    half = f"[{'#' * 10}{'-' * 10}]"
    assert f"fruit · Level 3: building  {half}  35s, usually 40–70 s" in frames
    assert any("40%" in frame and "400.0 kB of 1.0 MB" in frame for frame in frames)
    # What began anew is shown as it is.
    percents = [int(found[1]) for frame in frames if (found := re.search(r"(\d+)%", frame))]
    assert percents == [0, 40, 90, 30, 100]
    assert frames[-2:] == [frames[-2], ""]


def test_a_bar_stays_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(len(frame.rstrip()) <= 80 for frame in drawn(monkeypatch, columns=80))


def test_a_log_hears_of_changes_and_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    ticks = [0.0]
    lines = Lines(lambda: ticks[-1])
    for now in (0.0, 1.0, 31.0, 32.0):
        ticks.append(now)
        lines.stands("fruit", Standing("building", timedelta(seconds=now), USUAL))
    for now, done in ((40.0, 1), (41.0, 2), (51.0, 3_000_000)):
        ticks.append(now)
        lines.moves("downloading", done, 6_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "fruit: building, usually 40–70 s",
        "fruit: still building, 31s so far, usually 40–70 s",
        "downloading: 6.0 MB",
        "downloading: 3.0 MB of 6.0 MB",
    ]


def test_no_foreign_text_commands_a_terminal() -> None:
    assert line("a\x1b[2J\nb\u202ec\u2028d") == "a [2J b c d"
    assert line("x" * 99, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    ("text", "size"),
    [("4GiB", 4 * 2**30), ("500MB", 5 * 10**8), ("1.5 k", 1_500), ("12", 12), ("2g", 2 * 10**9)],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    context = click.Context(click.Command("build"))
    assert read_size(context, click.Option(["--max"]), text) == size


@pytest.mark.parametrize(("size", "said"), [(0, "0 bytes"), (3_400, "3.4 kB"), (2**31, "2.1 GB")])
def test_sizes_are_said(size: int, said: str) -> None:
    assert shown(size) == said
