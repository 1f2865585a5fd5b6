"""A process of the bot that does not wait for its imports: one that has them all is forked."""

import os
import runpy
import signal
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

from tests.flows.flows_stage import eventually

# To load the bot takes a second, over and over where it is killed over and over.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.running", "bot.doctor", "bot.console"])
_ENDING_S = 20.0


class Forked:
    """`python -m bot …` in a folder, with nothing in its environment but what it is told."""

    def __init__(self, command: str, folder: Path, env: Mapping[str, str]) -> None:
        arguments = (command, folder, dict(env))
        self._process = _FORKS.Process(target=_run, args=arguments, daemon=True)
        self._process.start()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, how: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, how)

    async def wait(self) -> int:
        await eventually(lambda: self.returncode is not None, _ENDING_S)
        assert self.returncode is not None
        return self.returncode


def _run(command: str, folder: Path, env: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    with Path("stderr").open("ab") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    sys.argv = ["bot", command]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
