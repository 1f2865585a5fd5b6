from collections.abc import AsyncIterator, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import stamina
from aiohttp import ClientResponse
from aioresponses import aioresponses, core

from bot.playcanvas import PlayCanvas
from tests.playcanvas.recorder import TOKEN, Recorder


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[aioresponses]:
    # aiohttp 3.14 wants the writer of the request, of which aioresponses 0.7.9 knows nothing.
    writer: Any = SimpleNamespace(output_size=0)
    monkeypatch.setattr(core, "ClientResponse", partial(ClientResponse, stream_writer=writer))
    with aioresponses() as mocked:
        yield mocked


@pytest.fixture(autouse=True)
def _no_waiting_between_tries() -> Iterator[None]:
    stamina.set_testing(True, attempts=9, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def playcanvas(session: aiohttp.ClientSession, recorder: Recorder) -> PlayCanvas:
    return PlayCanvas(session, TOKEN, limiter=recorder, observe=recorder.observe)
