from collections.abc import AsyncIterator

import pytest

from tests.sandbox.playcanvas.playcanvas_stage import Stage, stage


@pytest.fixture
async def on_stage() -> AsyncIterator[Stage]:
    async with stage() as set_up:
        yield set_up
