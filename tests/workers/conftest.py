"""Fixtures of the workers' tests."""

from collections.abc import AsyncIterator

import pytest

from bot.store import Store
from tests.clock import Clock
from tests.workers.workers_room import Workshop, workshop


@pytest.fixture
async def shop(store: Store, clock: Clock) -> AsyncIterator[Workshop]:
    async with workshop(store, clock) as shop:
        yield shop
