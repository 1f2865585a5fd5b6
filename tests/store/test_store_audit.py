from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from bot.builds.audit import LISTED, Act, AuditListing, Entry
from bot.builds.job import Asker, JobKind, JobState
from bot.builds.outcome import Cancelled, Unwatched
from bot.builds.projects import Project
from bot.builds.request import BuildRequest
from bot.builds.transition import end
from bot.store import Store
from bot.store.tables import audit
from tests.clock import Clock
from tests.store.store_room import PATIENCE, accepted, new, queued, running

MINA = Asker("T1", "C1", "U1")
LEO = Asker("T1", "C2", "U2")
FRUIT = Project("Fruit", "543988", engine="2.20.6")


async def trail(store: Store, clock: Clock, wanted: AuditListing | None = None) -> list[Entry]:
    page = await store.audit.page(wanted or AuditListing(), MINA, clock(), everything=True)
    return list(page.entries)


def outlined(entries: list[Entry]) -> list[tuple[str, str, Act, str, int | None]]:
    return [(e.user_id, e.channel_id, e.act, e.subject, e.job_id) for e in entries]


async def test_every_start_and_stop_is_written_down_once(store: Store, clock: Clock) -> None:
    first = await queued(store, clock)
    await store.jobs.add(new(), clock())  # the same delivery again
    await store.jobs.record(first, end(first, Cancelled("U2")), clock(), LEO)
    assert await store.jobs.record(first, end(first, Cancelled("U1")), clock(), MINA) is None
    await store.jobs.add(new("press", retry_of=first.id), clock())
    archive = BuildRequest("543988", (), "dev")
    await store.jobs.add(replace(new("a"), request=archive, kind=JobKind.ARCHIVE), clock())
    assert outlined(await trail(store, clock)) == [
        ("U1", "C1", Act.STARTED, "project 543988 · archive of dev", 3),
        ("U1", "C1", Act.RETRIED, "project 543988 · Level 3", 2),
        ("U2", "C2", Act.STOPPED, "project 543988 · Level 3", 1),
        ("U1", "C1", Act.STARTED, "project 543988 · Level 3", 1),
    ]


async def test_watching_again_is_written_down(store: Store, clock: Clock) -> None:
    job = await running(store, clock)
    left = await store.jobs.record(job, end(job, Unwatched("U1")), clock(), MINA)
    assert left is not None
    assert left.state is JobState.UNWATCHED
    for key in ("press", "press again"):
        await store.watching.again(left, LEO, key, PATIENCE, clock())
    acts = [entry.act for entry in await trail(store, clock)]
    assert acts == [Act.WATCHED, Act.STOPPED, Act.STARTED]


async def test_every_change_of_the_catalogue_is_written_down(store: Store, clock: Clock) -> None:
    await store.projects.add(FRUIT, MINA, clock())
    await store.projects.add(FRUIT, LEO, clock())
    for _ in range(2):  # the second time, as after a crash, changes nothing
        await store.projects.change("fruit", LEO, clock(), branch="dev")
    for _ in range(2):
        await store.projects.remove("FRUIT", MINA, clock())
    assert outlined(await trail(store, clock)) == [
        ("U1", "C1", Act.REMOVED, "Fruit = 543988 engine=2.20.6 branch=dev", None),
        ("U2", "C2", Act.CHANGED, "Fruit = 543988 engine=2.20.6 branch=dev", None),
        ("U1", "C1", Act.ADDED, "Fruit = 543988 engine=2.20.6", None),
    ]


async def test_the_trail_is_read_by_project_by_time_and_page_by_page(
    store: Store, clock: Clock
) -> None:
    await store.projects.add(Project("old", "7"), MINA, clock())
    clock.advance(timedelta(days=3).total_seconds())
    for n in range(LISTED + 1):
        await accepted(store, clock, str(n))
    first = await store.audit.page(AuditListing(), MINA, clock(), everything=True)
    assert ([e.job_id for e in first.entries], first.older) == ([*range(LISTED + 1, 1, -1)], True)
    rest = replace(first.listing, before=first.entries[-1].id)
    second = await store.audit.page(rest, MINA, clock(), everything=True)
    assert ([e.act for e in second.entries], second.older) == ([Act.STARTED, Act.ADDED], False)
    today = AuditListing(span=timedelta(days=1), before=rest.before)
    assert [e.job_id for e in await trail(store, clock, today)] == [1]
    assert [e.subject for e in await trail(store, clock, AuditListing("7"))] == ["old = 7"]
    foreign = replace(MINA, team_id="T2")
    assert (await store.audit.page(AuditListing(), foreign, clock(), everything=True)).entries == ()


async def test_where_everyone_is_an_admin_private_channels_stay_private(
    store: Store, clock: Clock
) -> None:
    await queued(store, clock)
    await store.projects.add(FRUIT, MINA, clock())

    async def seen(asker: Asker) -> list[Act]:
        page = await store.audit.page(AuditListing(), asker, clock(), everything=False)
        return [entry.act for entry in page.entries]

    assert await seen(LEO) == [Act.ADDED]
    assert await seen(MINA) == await seen(replace(LEO, channel_id="C1")) == [Act.ADDED, Act.STARTED]
    await store.channels.saw("C1", clock(), is_public=True)
    assert await seen(LEO) == [Act.ADDED, Act.STARTED]


async def test_nothing_is_ever_taken_out_of_the_trail(store: Store, clock: Clock) -> None:
    await accepted(store, clock)
    for change in (delete(audit), update(audit).values(user_id="U2")):
        with pytest.raises(DBAPIError, match="only added to"):
            await store.database.carry_out(change)
    assert len(await trail(store, clock)) == 1
