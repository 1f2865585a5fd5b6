"""Telling one person alone: where they asked while that works, else in the bot's conversation."""

import asyncio
from datetime import timedelta

import structlog

from bot.builds.job import Asker
from bot.slack.errors import RefusedError, UnsureError
from bot.slack.messages.message import Message
from bot.slack.poster import Place, Poster

log = structlog.get_logger(__name__)
ANSWERABLE = timedelta(minutes=30)
"""How long Slack takes answers at a response URL, and people look where they asked."""


async def tell(
    poster: Poster, asker: Asker, told: Message, *, age: timedelta, instead: bool = False
) -> None:
    """Tell the asker; `age` is how long ago they asked. Raises what the poster raises.

    Who is told something unasked is told in the bot's conversation: they have no channel.
    `instead`: in place of the message whose button they pressed.
    """
    if age < ANSWERABLE and asker.channel_id:
        try:
            await _there(poster, asker, told, instead=instead)
        except RefusedError as error:
            log.warning("no answer where it was asked", code=error.code)
        else:
            return
    await poster.write_to(asker.user_id, told)


async def say_once(poster: Poster, asker: Asker, told: Message, *, within: timedelta) -> None:
    """Say it where they asked, in one attempt that its lease outlasts; UnsureError when late."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            if asker.response_url is not None:
                await poster.answer(asker.response_url, told)
            else:
                await poster.write_to(asker.user_id, told)
    except TimeoutError as error:
        late = "no answer in time"
        raise UnsureError(late) from error


async def _there(poster: Poster, asker: Asker, told: Message, *, instead: bool) -> None:
    if asker.response_url:
        url, thread_ts = asker.response_url, asker.thread_ts
        await poster.answer(url, told, thread_ts=thread_ts, instead=instead)
    else:
        # Mentions come without a response URL.
        place = Place(asker.channel_id, asker.thread_ts)
        await poster.whisper(place, asker.user_id, told)
