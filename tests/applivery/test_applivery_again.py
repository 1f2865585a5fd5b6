"""What is tried again at Applivery, how often and after which pause, over real sockets."""

from datetime import timedelta

import pytest

from bot.applivery.errors import (
    AppliveryError,
    NotFound,
    RateLimited,
    TokenSpent,
    Unavailable,
)
from bot.sandbox.applivery import demo
from bot.sandbox.faults import Call, DropAnswer, Freeze, Reset
from tests.applivery.applivery_room import MINT, RESOLVE, Room, refusal, room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD


async def test_unknown_at_the_first_step_is_final() -> None:
    async with room() as here:
        with pytest.raises(NotFound, match="retention"):
            await here.client.link(APP, "0" * 24)
        with pytest.raises(NotFound):
            await here.client.link(demo.IOS.id, BUILD)
        assert len(here.mints) == 2


async def test_unknown_at_the_second_step_mints_again_once() -> None:
    async with room() as here:
        here.answer(RESOLVE, 404, refusal(3001, "Entity not found"))
        assert (await here.client.link(APP, BUILD)).location.url
        assert (len(here.mints), here.pauses) == (2, [0])


async def test_unknown_at_the_second_step_twice_gives_up() -> None:
    async with room() as here:
        here.answer(RESOLVE, 404, refusal(3001, "Entity not found"), times=None)
        with pytest.raises(TokenSpent, match="already used") as caught:
            await here.client.link(APP, BUILD)
        assert not caught.value.expired
        assert len(here.mints) == 2


async def test_an_expired_token_is_minted_again_once() -> None:
    async with room() as here:
        await _expire_tokens(here, times=1)
        assert (await here.client.link(APP, BUILD)).location.url
        assert len(here.mints) == 2
        assert here.observed[1] == ("resolve", "TokenSpent")


async def test_an_expired_token_twice_gives_up() -> None:
    async with room() as here:
        await _expire_tokens(here, times=None)
        with pytest.raises(TokenSpent, match="expired") as caught:
            await here.client.link(APP, BUILD)
        assert caught.value.expired
        assert len(here.mints) == 2


async def _expire_tokens(here: Room, times: int | None) -> None:
    async def pass_time() -> None:
        here.clock[0] += timedelta(minutes=6)

    here.sandbox.faults.add(RESOLVE, times=times, act=Call(before=pass_time))


@pytest.mark.parametrize(
    ("status", "body"),
    [(502, b"<html>Bad Gateway</html>"), (200, b""), (200, b"<html>hello</html>"), (500, b"{}")],
)
async def test_no_answer_of_applivery_at_the_first_step_is_tried_twice_more(
    status: int, body: bytes
) -> None:
    async with room() as here:
        here.answer(MINT, status, body, times=2)
        assert (await here.client.link(APP, BUILD)).location.url
        assert (len(here.mints), here.pauses) == (3, [1, 2])

        here.answer(MINT, status, body, times=None)
        with pytest.raises(Unavailable, match=str(status)):
            await here.client.mint(APP, BUILD)
        assert len(here.mints) == 6


@pytest.mark.parametrize("act", [DropAnswer(), Reset()])
async def test_a_broken_connection_at_the_first_step_is_tried_twice_more(
    act: DropAnswer | Reset,
) -> None:
    async with room() as here:
        here.sandbox.faults.add(MINT, times=2, act=act)
        assert (await here.client.link(APP, BUILD)).location.url
        here.sandbox.faults.add(MINT, times=3, act=act)
        with pytest.raises(Unavailable):
            await here.client.link(APP, BUILD)


async def test_silence_is_an_error_of_its_own() -> None:
    async with room(patience=timedelta(milliseconds=50)) as here:
        here.sandbox.faults.add(MINT, times=3, act=Freeze())
        with pytest.raises(Unavailable, match="no answer in time"):
            await here.client.link(APP, BUILD)
        here.sandbox.faults.clear()


async def test_a_lost_answer_at_the_second_step_begins_again_with_a_fresh_token() -> None:
    async with room() as here:
        # The sandbox does the work: the token is spent although nobody heard of it.
        here.sandbox.faults.add(RESOLVE, times=2, act=DropAnswer())
        assert (await here.client.link(APP, BUILD)).location.url
        assert len(here.mints) == 3
        assert len({each.path for each in here.resolves}) == 3


async def test_a_second_step_that_always_breaks_gives_up() -> None:
    async with room() as here:
        here.answer(RESOLVE, 502, b"<html>", times=None)
        with pytest.raises(Unavailable, match="HTTP 502"):
            await here.client.link(APP, BUILD)
        assert (len(here.mints), len(here.resolves)) == (3, 3)


async def test_the_second_step_alone_is_never_repeated() -> None:
    async with room() as here:
        token = await here.client.mint(APP, BUILD)
        here.sandbox.faults.add(RESOLVE, act=DropAnswer())
        with pytest.raises(Unavailable):
            await here.client.resolve(token)
        assert len(here.resolves) == 1


async def test_failures_of_every_kind_together_still_end() -> None:
    async with room() as here:
        for _ in range(3):
            here.answer(MINT, 429)
            here.answer(MINT, 502)
            here.answer(RESOLVE, 404, refusal(3001))
            here.answer(RESOLVE, 429)
        with pytest.raises(AppliveryError):
            await here.client.link(APP, BUILD)
        assert len(here.mints) <= 7


async def test_rate_limited_with_retry_after() -> None:
    async with room() as here:
        here.answer(MINT, 429, Retry_After="7")
        assert (await here.client.link(APP, BUILD)).location.url
        assert here.pauses == [7]


async def test_rate_limited_without_retry_after_waits_2_4_8_seconds() -> None:
    async with room() as here:
        here.answer(MINT, 429, times=3)
        assert (await here.client.link(APP, BUILD)).location.url
        assert here.pauses == [2, 4, 8]

        here.answer(RESOLVE, 429, times=None)
        with pytest.raises(RateLimited):
            await here.client.link(APP, BUILD)
        assert here.pauses[3:] == [2, 4, 8]


async def test_a_retry_after_that_nobody_would_wait_for() -> None:
    async with room() as here:
        here.sandbox.workspace.hourly = 1
        await here.client.mint(APP, BUILD)
        with pytest.raises(RateLimited) as caught:
            await here.client.mint(APP, BUILD)
        assert caught.value.retry_after == timedelta(hours=1)
        assert here.pauses == []
