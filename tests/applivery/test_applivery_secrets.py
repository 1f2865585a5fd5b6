"""Neither bearer nor token nor Location shows anywhere but where it is used."""

import copy
import logging
import traceback
from collections.abc import Awaitable, Callable

import pytest

from bot.applivery import DownloadToken, InstallLink, Location
from bot.applivery.errors import AppliveryError, OtherError, TokenSpent
from bot.applivery.protocol import resolve
from bot.applivery.refusals import Answer
from bot.sandbox.applivery import demo
from bot.sandbox.faults import DropAnswer, Reset
from tests.applivery.applivery_room import MINT, RESOLVE, Room, refusal, room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD
TOKEN = "t0ken+with=signs"
QUOTED = "t0ken%2Bwith%3Dsigns"
URL = "https://cdn.example.com/hidden/app.apk"


def test_reprs_are_silent() -> None:
    token, location = DownloadToken(TOKEN, None), Location(URL)
    for value in (
        token,
        location,
        InstallLink(location, None),
        resolve(token),
        Answer(302, {"Location": URL}, TOKEN.encode(), (TOKEN,)),
    ):
        for shown in (repr(value), str(value), f"{[value]}"):
            assert TOKEN not in shown
            assert QUOTED not in shown
            assert "hidden" not in shown
    assert copy.copy(token).value == TOKEN


async def _break_mint(here: Room) -> None:
    here.sandbox.faults.add(MINT, times=None, act=DropAnswer())


async def _reset_resolve(here: Room) -> None:
    here.sandbox.faults.add(RESOLVE, times=None, act=Reset())


async def _bad_http(here: Room) -> None:
    here.answer(RESOLVE, 302, times=None, Location="https://" + "x" * 20_000)


async def _bad_location(here: Room) -> None:
    here.answer(RESOLVE, 302, times=None, Location="http://cdn.example.com/hidden")


async def _echoed_bearer(here: Room) -> None:
    here.answer(MINT, 401, refusal(4002, f"Bearer {demo.TOKEN} is unknown"))


@pytest.mark.parametrize(
    "spoil", [_break_mint, _reset_resolve, _bad_http, _bad_location, _echoed_bearer]
)
async def test_errors_and_logs_are_silent(
    spoil: Callable[[Room], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    async with room() as here:
        await spoil(here)
        with caplog.at_level(logging.DEBUG), pytest.raises(AppliveryError) as caught:
            await here.client.link(APP, BUILD)
        tokens = [*here.sandbox.workspace.tokens]
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
    causes, error = [], caught.value.__cause__ or caught.value.__context__
    while error is not None:
        causes.append(repr(error))
        error = error.__cause__ or error.__context__
    # The sandbox's access log, the server's side, is the one place that names a request's path.
    told = "\n".join(line for line in told.splitlines() if "aiohttp.access" not in line)
    for secret in (demo.TOKEN, "hidden", *tokens):
        assert secret not in told
        assert secret not in str(causes)


async def test_the_servers_words_lose_an_echoed_token() -> None:
    async with room() as here:
        here.answer(MINT, 200, {"status": True, "data": {"token": TOKEN}}, times=None)
        here.answer(RESOLVE, 400, refusal(77, f"{TOKEN} or {QUOTED} or {demo.TOKEN}?"))
        with pytest.raises(OtherError) as caught:
            await here.client.link(APP, BUILD)
        assert caught.value.sentence == "Applivery error 77: … or … or …?"


async def test_a_token_of_any_signs_stays_one_part_of_the_path() -> None:
    async with room() as here:
        with pytest.raises(TokenSpent):
            await here.client.resolve(DownloadToken("../../a?b#c%2F", None))
        (received,) = here.resolves
        assert received.path.endswith("/download/v1/download/../../a?b#c%2F")
