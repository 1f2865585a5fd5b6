"""App Home: who opens theirs is noted, a worker shows it and follows what changes."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.listeners.asked import Desk

EVENT = "app_home_opened"


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to visits."""

    @bolt.event(EVENT)
    async def opened(ack: AsyncAck, body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("tab") == "home":
            # Slack sends the view along that it shows, if there is one.
            empty = "view" not in event
            await desk.store.homes.opened(
                body["event_id"], event["user"], desk.clock(), empty=empty
            )
        await ack()
