import asyncio
from dataclasses import replace

from bot.builds.history import Listing
from bot.builds.job import Asker, Item, Job, JobKind, JobState
from bot.builds.outcome import Cancelled, Complete, Failed, Incomplete, Ready, Unwatched
from bot.builds.request import BuildRequest
from bot.builds.transition import NoticeKind, divide, end, start, submit
from bot.store import Store
from tests.clock import Clock
from tests.store.store_room import PATIENCE, claim, job, new

BRANCHES = tuple(Item(f"b-{n}", f"branch {n}") for n in range(3))


async def divided(store: Store, clock: Clock) -> Job:
    request = BuildRequest("543988", (), branches=())
    await store.jobs.add(replace(new(), request=request, kind=JobKind.ARCHIVE), clock())
    asked = await claim(store, JobState.ACCEPTED, clock)
    parent = await store.jobs.record(asked, divide(asked, BRANCHES), clock())
    assert parent is not None
    return parent


async def started(store: Store, clock: Clock) -> Job:
    waiting = await claim(store, JobState.QUEUED, clock)
    handed = await store.jobs.record(waiting, submit(waiting, clock(), PATIENCE), clock())
    assert handed is not None
    running = start(handed, 9000 + handed.id, clock(), clock() + PATIENCE)
    recorded = await store.jobs.record(handed, running, clock())
    assert recorded is not None
    return recorded


async def over(store: Store, clock: Clock, outcome: Ready | Failed) -> None:
    running = await claim(store, JobState.RUNNING, clock)
    assert await store.jobs.record(running, end(running, outcome), clock())


async def notices(store: Store, clock: Clock) -> list[tuple[int, NoticeKind]]:
    found = []
    while notice := await store.outbox.claim("me", clock()):
        found.append((notice.job_id or 0, notice.kind))
        await store.outbox.shown(notice, "1.2", clock())
        clock.advance(2)
    return found


async def test_every_branch_becomes_an_archive_that_says_nothing_itself(
    store: Store, clock: Clock
) -> None:
    parent = await divided(store, clock)
    assert (parent.state, parent.due_at) == (JobState.QUEUED, None)
    children = await store.families.children(parent)
    assert [each.resolved and each.resolved.branch for each in children] == list(BRANCHES)
    assert {each.state for each in children} == {JobState.QUEUED}
    assert await store.jobs.place(children[0]) == 1
    assert await notices(store, clock) == [(parent.id, NoticeKind.CARD)]
    for _ in BRANCHES:
        await started(store, clock)
    assert await store.jobs.claim(JobState.QUEUED, "me", clock()) is None
    assert (await job(store, parent.id)).state is JobState.RUNNING
    assert await notices(store, clock) == [(parent.id, NoticeKind.CARD)]


async def test_the_last_one_ends_it_with_one_reply(store: Store, clock: Clock) -> None:
    parent = await divided(store, clock)
    for _ in BRANCHES:
        await started(store, clock)
    await over(store, clock, Ready("https://x.example/1"))
    await over(store, clock, Failed(("no",)))
    assert (await job(store, parent.id)).state is JobState.RUNNING
    await over(store, clock, Ready("https://x.example/2"))
    ended = await job(store, parent.id)
    assert (ended.state, ended.outcome) == (JobState.FAILED, Incomplete(2, 1))
    told = await notices(store, clock)
    assert sorted(told) == [(parent.id, NoticeKind.CARD), (parent.id, NoticeKind.REPLY)]
    story = await store.history.story(parent.id, parent.asker)
    assert story is not None
    assert [event.after for event in story.events] == [
        JobState.ACCEPTED,
        JobState.QUEUED,
        JobState.SUBMITTING,
        JobState.RUNNING,
        JobState.FAILED,
    ]


async def test_children_that_end_at_once_end_their_parent_once(store: Store, clock: Clock) -> None:
    parent = await divided(store, clock)
    running = [await started(store, clock) for _ in BRANCHES]
    ready = Ready("https://x.example/1")
    await asyncio.gather(*(store.jobs.record(each, end(each, ready), clock()) for each in running))
    ended = await job(store, parent.id)
    assert (ended.state, ended.outcome) == (JobState.READY, Complete(3))


async def test_a_stop_reaches_all_of_them(store: Store, clock: Clock) -> None:
    parent = await divided(store, clock)
    await started(store, clock)
    waiting = await claim(store, JobState.QUEUED, clock)
    handed = await store.jobs.record(waiting, submit(waiting, clock(), PATIENCE), clock())
    assert handed is not None
    now = await job(store, parent.id)
    assert await store.jobs.record(now, end(now, Unwatched("U9")), clock())
    states = [each.state for each in await store.families.children(parent)]
    assert states == [JobState.UNWATCHED, JobState.SUBMITTING, JobState.CANCELLED]
    running = start(handed, 1, clock(), clock() + PATIENCE)
    assert await store.jobs.record(handed, running, clock())
    states = [each.state for each in await store.families.children(parent)]
    assert states == [JobState.UNWATCHED, JobState.UNWATCHED, JobState.CANCELLED]
    assert (await job(store, parent.id)).outcome == Unwatched("U9")


async def test_one_that_waits_is_cancelled_with_its_branches(store: Store, clock: Clock) -> None:
    parent = await divided(store, clock)
    assert await store.jobs.record(parent, end(parent, Cancelled("U9")), clock())
    states = {each.state for each in await store.families.children(parent)}
    assert states == {JobState.CANCELLED}


async def test_lists_show_the_one_that_was_asked_for(store: Store, clock: Clock) -> None:
    parent = await divided(store, clock)
    page = await store.history.page(Listing(), Asker("T1", "C1", "U1"))
    assert [each.id for each in page.running] == [parent.id]
    overview = await store.overviews.of("U1")
    assert [each.id for each in overview.running] == [parent.id]
    assert overview.more_running == 0
