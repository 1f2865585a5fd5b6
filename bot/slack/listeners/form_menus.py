"""The menus of the form: projects, scenes and branches that are known, for the letters typed."""

import json
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.menu import offers, project_offers
from bot.slack.listeners.asked import Desk
from bot.slack.messages.form import FORM_BRANCH, FORM_PROJECT, FORM_SCENES, menu, project_in


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to the letters that are typed in the form's menus."""

    @bolt.options(FORM_PROJECT)
    async def projects(ack: AsyncAck, body: dict[str, Any]) -> None:
        channel_id = json.loads(body["view"]["private_metadata"])["channel"]
        known = await desk.store.projects.known(desk.clock())
        built = await desk.store.precedents.projects_in(channel_id)
        await ack(options=menu(project_offers(body["value"], known, built)))

    # Slack does not say what stands in the other fields: the block's own id names the project.
    @bolt.options(FORM_SCENES)
    async def scenes(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen = await desk.store.catalog.scenes(project_in(body["block_id"]))
        await ack(options=menu(offers(body["value"], seen)))

    @bolt.options(FORM_BRANCH)
    async def branches(ack: AsyncAck, body: dict[str, Any]) -> None:
        seen = await desk.store.catalog.branches(project_in(body["block_id"]))
        await ack(options=menu(offers(body["value"], seen)))
