"""What every listener needs: the store, the clock, and a word for the metrics."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.job import Asker
from bot.builds.rights import Refusal, Right, Rights
from bot.slack.messages.message import Message
from bot.store import Store
from bot.store.new_job import NewJob
from bot.store.once import Added

_EVERYONE = Rights()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where listeners write what was asked. `counted` is told each command and its result.

    Nothing is started but by `start`. What else needs a right asks before it is done:

        if refusal := await desk.refusal(Right.CHANGE, asker):
            return not_allowed(refusal)
    """

    store: Store
    clock: Callable[[], datetime]
    counted: Callable[[str, str], None]
    patience: timedelta
    rights: Rights = _EVERYONE

    async def refusal(self, right: Right, asker: Asker) -> Refusal | None:
        """Say why someone may not do something where they are; None when they may."""
        known = await self.store.groups.members(self.clock()) if self.rights.groups else {}
        return self.rights.refusal(right, asker.user_id, asker.channel_id, known)

    async def start(self, new: NewJob) -> Added | Refusal:
        """Accept a job, however it is asked for, if its asker may build there."""
        refusal = await self.refusal(Right.BUILD, new.asker)
        return refusal or await self.store.jobs.add(new, self.clock())


def asker_of(command: dict[str, Any]) -> Asker:
    """Say who typed a slash command, and where."""
    return Asker(
        team_id=command["team_id"],
        channel_id=command["channel_id"],
        user_id=command["user_id"],
        response_url=command.get("response_url"),
    )


def presser_of(body: dict[str, Any], thread_ts: str | None) -> Asker:
    """Say who pressed a button, where, and in which thread the card stands."""
    container = body.get("container", {})
    channel = body.get("channel") or {"id": container.get("channel_id")}
    return Asker(
        team_id=body["team"]["id"],
        channel_id=channel["id"],
        user_id=body["user"]["id"],
        response_url=body.get("response_url"),
        thread_ts=thread_ts,
    )


def outline(added: Added | Refusal) -> dict[str, object]:
    """Say for a log line what became of a wish."""
    if isinstance(added, Refusal):
        return {"refused": added.lack.value}
    return {"job": added.id, "repeated": added.repeated, "joined": added.joined}


async def tell_presser(
    desk: Desk, body: dict[str, Any], told: Message | None, *, instead: bool = False
) -> None:
    """Have who pressed told something alone, once; a worker says it, so the ack waits for no one.

    `instead`: in place of the message with the button.
    """
    if told is None:
        return
    container = body.get("container", {})
    thread_ts = container.get("thread_ts")
    # A card that has replies is the beginning of its thread, and is read in the channel.
    inside = thread_ts if thread_ts != container.get("message_ts") else None
    presser, now = presser_of(body, inside), desk.clock()
    await desk.store.whispers.add(
        body["trigger_id"], presser, told.arguments(), now, instead=instead
    )


async def answer(ack: AsyncAck, told: Message) -> None:
    """Acknowledge with words for the asker alone."""
    await ack(response_type="ephemeral", **told.arguments())
