from dataclasses import replace

import pytest

from bot.builds.history import Listing
from bot.builds.job import Asker, Item, JobState, Resolved
from bot.builds.outcome import Cancelled, Failed, Ready, Rejected
from bot.builds.request import BuildRequest
from bot.builds.transition import end, queue, start, submit
from bot.store import Store
from bot.store.new_job import NewJob
from tests.clock import Clock
from tests.store.store_room import PATIENCE, claim, job

ME = Asker("T1", "C1", "U1")
FRUIT = BuildRequest("543988", ("Level 3",))


class Past:
    """Makes builds that are over, each in one line."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.made = 0

    async def asked(self, asker: Asker = ME, request: BuildRequest = FRUIT) -> int:
        self.made += 1
        new = NewJob(f"key-{self.made}", request, asker, PATIENCE, anyway=True)
        return (await self.store.jobs.add(new, self.clock())).id

    async def rejected(self, asker: Asker = ME) -> int:
        job_id = await self.asked(asker)
        claimed = await claim(self.store, JobState.ACCEPTED, self.clock)
        await self.store.jobs.record(claimed, end(claimed, Rejected("gone")), self.clock())
        return job_id

    async def queued(
        self, asker: Asker = ME, request: BuildRequest = FRUIT, branch: Item | None = None
    ) -> int:
        job_id = await self.asked(asker, request)
        claimed = await claim(self.store, JobState.ACCEPTED, self.clock)
        resolved = Resolved((Item("7", "Level 3"),), branch)
        await self.store.jobs.record(claimed, queue(claimed, resolved, self.clock()), self.clock())
        return job_id

    async def cancelled(self, asker: Asker = ME, request: BuildRequest = FRUIT) -> int:
        job_id = await self.queued(asker, request)
        waiting = await job(self.store, job_id)
        await self.store.jobs.record(waiting, end(waiting, Cancelled("U1")), self.clock())
        return job_id

    async def over(
        self,
        outcome: Ready | Failed,
        asker: Asker = ME,
        request: BuildRequest = FRUIT,
        branch: Item | None = None,
    ) -> int:
        job_id = await self.queued(asker, request, branch)
        jobs, now = self.store.jobs, self.clock()
        claimed = await claim(self.store, JobState.QUEUED, self.clock)
        handed = await jobs.record(claimed, submit(claimed, now, PATIENCE), now)
        assert handed is not None
        running = await jobs.record(handed, start(handed, 9, now, now + PATIENCE), now)
        assert running is not None
        await jobs.record(running, end(running, outcome), now)
        return job_id

    async def listed(self, listing: Listing, asker: Asker = ME) -> list[int]:
        return [each.id for each in (await self.store.history.page(listing, asker)).listed]


@pytest.fixture
def past(store: Store, clock: Clock) -> Past:
    return Past(store, clock)


READY = Ready("https://x")


async def test_a_channel_sees_its_own_newest_first(past: Past) -> None:
    first = await past.cancelled()
    await past.cancelled(replace(ME, channel_id="C2"))
    await past.cancelled(replace(ME, team_id="T2"))
    last = await past.cancelled(replace(ME, user_id="U2"))
    assert await past.listed(Listing()) == [last, first]


async def test_what_is_under_way_comes_first_and_is_counted(past: Past) -> None:
    over = await past.cancelled()
    waiting = [await past.asked() for _ in range(12)]
    page = await past.store.history.page(Listing(), ME)
    assert [each.id for each in page.running] == waiting[:1:-1]
    assert page.more_running == 2
    assert [each.id for each in page.listed] == [over]
    assert (page.newer, page.older) == (False, False)


async def test_what_was_rejected_is_for_its_asker_alone(past: Past) -> None:
    mine = await past.rejected()
    theirs = await past.rejected(replace(ME, user_id="U2"))
    assert await past.listed(Listing()) == []
    assert await past.listed(Listing(state="rejected")) == [mine]
    assert await past.listed(Listing(state="rejected"), replace(ME, user_id="U2")) == [theirs]


async def test_a_project_and_ones_own_are_found_in_every_channel(past: Past) -> None:
    other = BuildRequest("600000", ("Menu",))
    here, there = replace(ME, channel_id="C8"), replace(ME, channel_id="C9", user_id="U2")
    mine = await past.cancelled(here)
    theirs = await past.cancelled(there)
    menu = await past.cancelled(here, other)
    await past.store.channels.saw("C9", past.clock(), is_public=True)
    assert await past.listed(Listing("543988")) == [theirs, mine]
    assert await past.listed(Listing(mine=True)) == [menu, mine]
    assert await past.listed(Listing("543988", mine=True)) == [mine]


async def test_a_state_is_listed_by_its_word(past: Past) -> None:
    ready = await past.over(READY)
    failed = await past.over(Failed(("no",)))
    waiting = await past.queued()
    assert await past.listed(Listing(state="ready")) == [ready]
    assert await past.listed(Listing(state="failed")) == [failed]
    assert await past.listed(Listing(state="running")) == [waiting]
    assert await past.listed(Listing(state="queued")) == [waiting]
    assert (await past.store.history.page(Listing(state="ready"), ME)).running == ()


async def test_pages_lead_down_and_up_again(past: Past) -> None:
    ids = [await past.cancelled() for _ in range(7)][::-1]

    async def page(**where: int) -> tuple[list[int], bool, bool]:
        page = await past.store.history.page(Listing(count=3, **where), ME)  # type: ignore[arg-type]
        return [each.id for each in page.listed], page.newer, page.older

    assert await page() == (ids[:3], False, True)
    assert await page(before=ids[2]) == (ids[3:6], True, True)
    assert await page(before=ids[5]) == (ids[6:], True, False)
    assert await page(after=ids[6]) == (ids[3:6], True, True)
    # What is above fits the first page, so it is the first page.
    assert await page(after=ids[3]) == (ids[:3], False, True)
    assert await page(after=ids[0]) == (ids[:3], False, True)


async def test_a_story_has_every_move(past: Past) -> None:
    job_id = await past.over(READY)
    story = await past.store.history.story(job_id, ME)
    assert story is not None
    assert story.job == await job(past.store, job_id)
    states = ["accepted", "queued", "submitting", "running", "ready"]
    assert [(each.before, each.after) for each in story.events] == list(
        zip([None, *states], states, strict=False)
    )
    assert {each.at for each in story.events} == {past.clock()}
    assert await past.store.history.story(job_id + 1, ME) is None


async def test_what_a_private_channel_builds_is_for_those_in_it(past: Past) -> None:
    theirs = replace(ME, channel_id="C9", user_id="U2")
    secret = await past.over(READY, theirs)
    history, now = past.store.history, past.clock()

    async def seen(asker: Asker) -> list[object]:
        latest = await history.latest("543988", None, asker)
        found = await history.find(secret, asker)
        story = await history.story(secret, asker)
        listed = await past.listed(Listing("543988"), asker)
        return [latest and latest.id, found and found.id, story and story.job.id, *listed]

    everywhere = [secret] * 4
    assert await seen(ME) == [None] * 3
    assert await seen(replace(ME, channel_id="C9")) == everywhere
    assert await seen(replace(theirs, channel_id="C1")) == everywhere
    await past.store.channels.saw("C9", now, is_public=True)
    assert await seen(ME) == everywhere
    await past.store.channels.saw("C9", now, is_public=False)
    assert await seen(ME) == [None] * 3


async def test_the_latest_is_the_last_that_got_ready_on_a_branch(past: Past) -> None:
    dev = Item("b-1", "Développement")
    main = await past.over(READY)
    on_dev = await past.over(READY, branch=dev, request=replace(FRUIT, branch="dev"))
    await past.over(Failed(("no",)))
    await past.over(READY, replace(ME, team_id="T2"))

    async def latest(branch: str | None, project: str = "543988") -> int | None:
        found = await past.store.history.latest(project, branch, ME)
        return found.id if found else None

    assert await latest(None) == on_dev
    assert [await latest(name) for name in ("b-1", "developpement")] == [on_dev, on_dev]
    assert await latest("Main") == main
    assert await latest("art") is None
    assert await latest(None, "600000") is None


async def test_the_latest_is_looked_for_behind_many_others(past: Past) -> None:
    first = await past.over(READY)
    for _ in range(55):
        await past.over(READY, branch=Item("b-1", "dev"))
    found = await past.store.history.latest("543988", "main", ME)
    assert found is not None
    assert found.id == first
