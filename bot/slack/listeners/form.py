"""The form: opened by `/build` with nothing, and what becomes of it when it is sent."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.builds.form import BOXES, PROJECT, SCENES, Answers, FormErrors, read, texts_of, ticked_by
from bot.builds.job import Asker, Job
from bot.builds.menu import branch_of, project_offer, scenes_of
from bot.builds.projects import Known, Project, project_of
from bot.builds.request import BuildRequest
from bot.builds.rights import Refusal, Right
from bot.builds.usage import MisuseError
from bot.slack.listeners import form_menus
from bot.slack.listeners.asked import Desk, answer, asker_of, outline
from bot.slack.messages.form import FORM, FORM_PROJECT, Beginning, field_of, form
from bot.slack.messages.form_joined import FORM_ANYWAY, form_joined
from bot.slack.messages.not_allowed import not_allowed, not_allowed_view, plainly
from bot.slack.messages.usage import no_form
from bot.store.new_job import NewJob
from bot.store.once import Added

log = structlog.get_logger(__name__)
# Slack waits three seconds for the answer that follows.
_PATIENCE_S = 2.0
Json = dict[str, Any]


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to the form and its menus."""
    form_menus.register(bolt, desk)

    @bolt.action(FORM_PROJECT)
    async def chosen(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        view, shown = await _of_project(desk, body), body["view"]
        if view is not None:
            # With the hash, an answer that comes late does not undo a later choice.
            update = {"view_id": shown["id"], "hash": shown.get("hash"), "view": view}
            await _shown(client.views_update(**update))
        await ack()

    @bolt.view(FORM)
    async def sent(ack: AsyncAck, body: Json) -> None:
        view = body["view"]
        match read(_answers(view), await desk.store.projects.known(desk.clock())):
            case FormErrors(sentences):
                desk.counted(FORM, "usage")
                blocks = {
                    field_of(block["block_id"]): block["block_id"] for block in view["blocks"]
                }
                errors = {blocks[name]: sentence for name, sentence in sentences.items()}
                await ack(response_action="errors", errors=errors)
            case BuildRequest() as request:
                # The view keeps its id however often its button is pressed.
                added = await _accept(desk, body, request, view["id"])
                if isinstance(added, Refusal):
                    # The form stays open with all that was typed.
                    ids = [block["block_id"] for block in view["blocks"]]
                    first = next(each for each in ids if field_of(each) == PROJECT)
                    await ack(response_action="errors", errors={first: plainly(added)})
                elif added.joined:
                    await ack(response_action="update", view=await _joined(desk, body, added.id))
                else:
                    await ack()

    @bolt.view(FORM_ANYWAY)
    async def anyway(ack: AsyncAck, body: Json) -> None:
        view = body["view"]
        same = await desk.store.jobs.get(_place(view)["joined"])
        key = f"{view['id']}:anyway"
        added = await _accept(desk, body, same.request, key, anyway=True) if same else None
        if isinstance(added, Refusal):
            await ack(response_action="update", view=not_allowed_view(added))
        else:
            await ack()


async def open_form(desk: Desk, ack: AsyncAck, command: Json, client: AsyncWebClient) -> None:
    """Open the form while the command waits, or say how a line looks when Slack refuses it."""
    if refusal := await desk.refusal(Right.BUILD, asker_of(command)):
        desk.counted(FORM, "not_allowed")
        await answer(ack, not_allowed(refusal))
        return
    channel_id = command["channel_id"]
    place = {"channel": channel_id, "response_url": command.get("response_url")}
    view = form(await _beginning(desk, channel_id), channel_id, json.dumps(place))
    opened = await _shown(client.views_open(trigger_id=command["trigger_id"], view=view))
    desk.counted(FORM, "opened" if opened else "refused")
    if opened:
        await ack()
    else:
        await answer(ack, no_form())


async def _shown(call: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await call
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("form not shown", error=str(error) or type(error).__name__)
        return False
    return True


async def _beginning(desk: Desk, channel_id: str) -> Beginning:
    known = await desk.store.projects.known(desk.clock())
    last = await desk.store.precedents.last_in(channel_id)
    if last is None:
        return Beginning(menu=bool(known.projects))
    return _like(last, _named(last.request, known))


async def _of_project(desk: Desk, body: Json) -> Json | None:
    """Show the form for the project that was just chosen; None when it is no project."""
    view = body["view"]
    place = _place(view)
    typed = _answers(view).project
    try:
        project = project_of(typed, await desk.store.projects.known(desk.clock()), [typed])
    except MisuseError:
        return None
    last = await desk.store.precedents.last_in(place["channel"], project.id)
    begin = _like(last, project) if last else Beginning(project_offer(project), project)
    return form(begin, place["channel"], view["private_metadata"])


def _like(last: Job, project: Project) -> Beginning:
    return Beginning(
        project_offer(project),
        project,
        scenes=scenes_of(last),
        branch=branch_of(last),
        texts=texts_of(last.request),
        ticked=ticked_by(last.request.options),
        like=last.id,
    )


def _named(request: BuildRequest, known: Known) -> Project:
    """Find the short name that a build was asked for by, or another of the same project."""
    named = [project for project in known.projects if project.id == request.project]
    same = (project for project in named if project.name == request.alias)
    return next(same, named[0] if named else Project("", request.project))


async def _accept(
    desk: Desk, body: Json, request: BuildRequest, key: str, *, anyway: bool = False
) -> Added | Refusal:
    place = _place(body["view"])
    asker = Asker(
        team_id=body["team"]["id"],
        channel_id=place["channel"],
        user_id=body["user"]["id"],
        response_url=place["response_url"],
    )
    new = NewJob(key, request, asker, desk.patience, anyway=anyway)
    added = await desk.start(new)
    log.info("asked for in the form", **outline(added))
    desk.counted(FORM, _result(added))
    return added


async def _joined(desk: Desk, body: Json, job_id: int) -> Json | None:
    job = await desk.store.jobs.get(job_id)
    place = _place(body["view"])
    metadata = json.dumps(place | {"joined": job_id})
    user_id, channel_id = body["user"]["id"], place["channel"]
    return form_joined(job, user_id, channel_id, desk.clock(), metadata) if job else None


def _result(added: Added | Refusal) -> str:
    if isinstance(added, Refusal):
        return "not_allowed"
    if added.repeated:
        return "repeated"
    return "joined" if added.joined else "accepted"


def _place(view: Json) -> Json:
    place: Json = json.loads(view["private_metadata"])
    return place


def _answers(view: Json) -> Answers:
    given: dict[str, list[str]] = {}
    for block_id, elements in view["state"]["values"].items():
        [answer] = elements.values()
        given[field_of(block_id)] = _given(answer)
    project, scenes = given.pop(PROJECT, []), given.pop(SCENES, [])
    ticked = given.pop(BOXES, [])
    texts = {name: "".join(text) for name, text in given.items()}
    return Answers("".join(project), tuple(scenes), texts, frozenset(ticked))


def _given(answer: Json) -> list[str]:
    one, many = answer.get("selected_option"), answer.get("selected_options")
    chosen = many or ([one] if one else [])
    typed = answer.get("value")
    return [option["value"] for option in chosen] or ([typed] if typed else [])
