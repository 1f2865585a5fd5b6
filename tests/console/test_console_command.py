import asyncio
import json
import os
import pty
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from tests.console.console_room import Room

REPOSITORY = Path(__file__).parents[2]
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


async def started(room: Room, *arguments: str, errors: int = PIPE) -> Process:
    """Run a command as a build server does, in a process of its own."""
    path = {"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"], "TERM": "xterm"}
    names = ("PLAYCANVAS_TOKEN", "PLAYCANVAS_API_URL", "DATABASE_URL")
    environment = path | {name: os.environ[name] for name in names}
    command = (sys.executable, "-W", "error", "-m", "bot", *arguments)
    room.out.parent.mkdir(exist_ok=True)
    return await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=errors, env=environment, cwd=room.out.parent
    )


async def test_a_log_gets_lines_and_a_program_one_object(room: Room) -> None:
    command = ("build", "543988", "Instant", "--out", "out", "--unzip", "--json")
    bot = await started(room, *command)
    output, errors = await bot.communicate()
    lines = errors.decode().splitlines()
    assert bot.returncode == 0
    assert lines[0] == "543988 · Instant: looking its names up"
    assert "543988 · Instant: ready in 0s" in lines
    assert lines[-2].startswith("unpacking into out: ")
    assert lines[-1].startswith("out: ")
    assert not re.search(r"[\r\x1b]", errors.decode())
    told = json.loads(output)
    assert (told["result"], told["exit_code"]) == ("ready", 0)
    assert [each["path"] for each in told["files"]] == ["out"]
    assert (room.out / "index.html").is_file()


async def test_a_terminal_gets_a_bar_and_who_interrupts_130(room: Room) -> None:
    ours, theirs = pty.openpty()
    bot = await started(room, "build", "543988", "Endless", "--out", "out", "--json", errors=theirs)
    os.close(theirs)
    shown = await asyncio.to_thread(_read, ours, b"building  [")
    bot.send_signal(signal.SIGINT)
    shown += await asyncio.to_thread(_read, ours)
    os.close(ours)
    output, _ = await bot.communicate()
    assert bot.returncode == 130
    assert json.loads(output)["result"] == "interrupted"
    assert not room.out.exists()
    frames = re.split(r"[\r\n]+", ESCAPES.sub("", shown.decode()))
    assert any(re.match(r"543988 · Endless: building  \[.{20}\]", each) for each in frames)
    assert frames[-2] == "Interrupted."
    # The cursor is hidden while the bar moves, and shown again.
    assert shown.rfind(b"\x1b[?25h") > shown.rfind(b"\x1b[?25l")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build"], "Missing argument"),
        (["build", "1", "a", "--max-unpacked", "lots"], "'lots' is no size"),
        (["build", "1", "a"], "PLAYCANVAS_TOKEN is missing. An API token of the team’s account."),
    ],
)
def test_a_wrong_line_ends_with_2(room: Room, arguments: list[str], said: str) -> None:
    room.monkeypatch.delenv("PLAYCANVAS_TOKEN")
    ended = CliRunner().invoke(cli, arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert "SLACK" not in ended.stderr


def _read(descriptor: int, until: bytes | None = None) -> bytes:
    """Read a terminal until it shows something, or nobody writes to it any more."""
    shown = b""
    while until is None or until not in shown:
        try:
            shown += (piece := os.read(descriptor, 65_536))
        except OSError:  # how Linux ends it
            break
        if not piece:
            break
    return shown
