"""Whether a schedule can still be built, and whether there is anything new to build."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import structlog

from bot.builds.changes import is_main
from bot.builds.job import Asker
from bot.builds.names import Found, find
from bot.builds.rights import Lack, Right, Rights
from bot.builds.schedule import Pause, Schedule
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import NotFound, PlayCanvasError, Refused
from bot.playcanvas.models import Branch
from bot.slack.errors import PosterError, RefusedError
from bot.slack.poster import Poster
from bot.store import Store
from bot.workers.branch_look import look

log = structlog.get_logger(__name__)


class Look(StrEnum):
    """What PlayCanvas says of a project that is to be built."""

    BUILD = "build"
    UNCHANGED = "unchanged"
    NO_ANSWER = "no answer"


Checked: TypeAlias = Look | Pause


async def check(
    store: Store,
    playcanvas: PlayCanvas,
    poster: Poster,
    schedule: Schedule,
    rights: Rights,
    now: datetime,
) -> Checked:
    """Say what is to be done; where nobody answers, a build of every time goes ahead."""
    if schedule.request.alias and not await store.projects.get(schedule.request.alias):
        return Pause.PROJECT
    refused = await _by_right(store, schedule.owner, rights, now)
    if refused is not None:
        return refused
    gone = await _in_slack(poster, schedule)
    return gone or await _at_playcanvas(store, playcanvas, schedule, now)


async def _by_right(store: Store, owner: Asker, rights: Rights, now: datetime) -> Checked | None:
    """Look whether its owner may still build there, as if they typed it now."""
    members = await store.groups.members(now) if rights.groups else {}
    refusal = rights.refusal(Right.BUILD, owner.user_id, owner.channel_id, members)
    if refusal is None:
        return None
    # A group that Slack has not told about lets nobody in, and may yet be told.
    return Look.NO_ANSWER if refusal.lack is Lack.GROUP else Pause.RIGHT


async def _in_slack(poster: Poster, schedule: Schedule) -> Pause | None:
    owner = schedule.owner
    try:
        if (await poster.person(owner.user_id)).has_left:
            return Pause.PERSON
        if not await poster.is_open(owner.channel_id):
            return Pause.CHANNEL
    except RefusedError as error:
        if error.code in {"user_not_found", "user_not_visible"}:
            return Pause.PERSON
        if error.code == "channel_not_found":
            return Pause.CHANNEL
        log.warning("not checked", code=error.code)
    except PosterError as error:
        # What Slack does not say now, the card will: it waits for Slack in the outbox.
        log.warning("not checked", detail=str(error))
    return None


async def _at_playcanvas(
    store: Store, playcanvas: PlayCanvas, schedule: Schedule, now: datetime
) -> Checked:
    try:
        branches = await look(store, playcanvas, schedule.request, now)
        if not schedule.if_changed:
            return Look.BUILD
        return await _changed(store, playcanvas, schedule, branches)
    except NotFound:
        return Pause.PROJECT
    except Refused:
        return Look.BUILD  # which says why it can't, to the one who wants it
    except PlayCanvasError as error:
        log.warning("no answer", error=type(error).__name__, attempts=schedule.attempts)
        return Look.NO_ANSWER if schedule.if_changed else Look.BUILD


async def _changed(
    store: Store, playcanvas: PlayCanvas, schedule: Schedule, branches: tuple[Branch, ...]
) -> Look:
    branch = _branch(schedule.request.branch, branches)
    if branch is None:
        return Look.BUILD  # which offers the nearest names
    newest = await playcanvas.checkpoints(branch.id, most=1)
    built = await store.precedents.built_last(schedule.owner.team_id, schedule.request)
    return Look.UNCHANGED if newest and newest[0].id == built else Look.BUILD


def _branch(wanted: str | None, branches: tuple[Branch, ...]) -> Branch | None:
    if wanted is None:
        return next((each for each in branches if is_main(each.name)), None)
    found = find(wanted, branches)
    return found.item if isinstance(found, Found) else None
