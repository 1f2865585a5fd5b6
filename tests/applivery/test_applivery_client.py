"""What the client guards: answers without end, ids, its bearer, cancelling."""

import asyncio
import json

import pytest
from aiohttp import ClientSession

from bot.applivery import Applivery
from bot.sandbox.applivery import demo
from bot.sandbox.faults import Freeze
from tests.applivery.applivery_room import MINT, room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD
TOKEN_ANSWER = {"status": True, "data": {"token": "t0ken"}}


async def test_an_answer_too_long_to_be_one_is_not_read_to_its_end() -> None:
    async with room() as here:
        here.answer(MINT, 200, json.dumps(TOKEN_ANSWER).encode() + b" " * (5 * 1024 * 1024))
        await here.client.mint(APP, BUILD)
        assert here.observed == [("mint", "Unavailable"), ("mint", "ok")]


@pytest.mark.parametrize("wrong", ["", "latest", "g" * 24, "0" * 23, "../" * 8, "0" * 24 + "\n"])
async def test_ids_that_cannot_be_one_are_not_asked_for(wrong: str) -> None:
    async with room() as here:
        for attempt in (
            here.client.link(wrong, BUILD),
            here.client.mint(APP, wrong),
            here.client.build(wrong),
            here.client.app(wrong),
        ):
            with pytest.raises(ValueError, match="24 hex"):
                await attempt
        assert here.sandbox.books == []


async def test_a_client_that_could_leak_its_bearer_is_not_made() -> None:
    async with ClientSession(headers={"Authorization": "Bearer x"}) as session:
        with pytest.raises(ValueError, match="download host"):
            Applivery(session, "token", "studio")
    async with ClientSession() as session:
        for token in ("", "two words", "line\nbreak", "smart“quote"):
            with pytest.raises(ValueError, match="Applivery token") as caught:
                Applivery(session, token, "studio")
            assert not token or token not in str(caught.value)
        with pytest.raises(ValueError, match="organization"):
            Applivery(session, "token", "a/b")


async def test_cancelling_cancels() -> None:
    async with room() as here:
        rule = here.sandbox.faults.add(MINT, act=Freeze())
        task = asyncio.create_task(here.client.link(APP, BUILD))
        await rule.hit.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        rule.release()
        assert len(here.mints) == 1
