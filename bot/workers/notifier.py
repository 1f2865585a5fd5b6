"""The notifier: makes Slack show what the store says, each thing once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.builds.job import Job, JobState
from bot.builds.outcome import Cancelled, Expired, Rejected
from bot.builds.pacing import back_off
from bot.builds.transition import NoticeKind
from bot.slack.messages import archives
from bot.slack.messages.answer import cancelled, cannot_post, rejected
from bot.slack.messages.message import Message
from bot.slack.messages.reply import reply
from bot.slack.messages.steered import checked
from bot.slack.poster import (
    PATIENCE,
    BusyError,
    Place,
    Poster,
    PosterError,
    RefusedError,
    UnsureError,
)
from bot.store import Store
from bot.store.outbox import Notice
from bot.workers import link_posts
from bot.workers.cards import Cards
from bot.workers.doubts import CARD_GONE, MAY_YET_COME, Doubts, outside
from bot.workers.link_posts import LinkPosts
from bot.workers.privately import tell
from bot.workers.summaries import Summaries

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)
# A database in trouble may hold up what was claimed. The rest of the lease is for the call.
_FRESH = timedelta(seconds=10)


class _TooLateError(Exception):
    """So much of the lease is gone that nothing may be sent under it any more."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where something stands now, if it does, and when it has to be edited again."""

    ts: str | None
    again_at: datetime | None = None


class Notifier:
    """Claims a notice, renders its job as it is now, posts or updates, and notes the ts."""

    def __init__(
        self,
        store: Store,
        poster: Poster,
        owner: str,
        clock: Callable[[], datetime],
        *,
        broadcast: str,
        doubts: Doubts,
        lag: Callable[[float], None],
        given_up: Callable[[str], None],
    ) -> None:
        self._store = store
        self._poster = poster
        self._owner = owner
        self._clock = clock
        self._broadcast = broadcast
        self._doubts = doubts
        self._lag = lag
        self._given_up = given_up
        self._cards = Cards(store, clock)
        self._link_posts = LinkPosts(store, poster, clock)
        self._summaries = Summaries(store, clock)

    async def step(self, now: datetime) -> datetime | None:
        """Deliver one notice; return when to come back, None for at once."""
        due = await self._store.outbox.next_due()
        if due is None or due > now:
            return due or now + _IDLE
        notice = await self._store.outbox.claim(self._owner, now)
        if notice is None:
            return now  # another loop was faster
        about = {"job": notice.job_id} if notice.post_id is None else {"post": notice.post_id}
        with structlog.contextvars.bound_contextvars(**about, notice=notice.kind):
            await self._deliver(notice)
        return None

    async def _deliver(self, notice: Notice) -> None:
        outbox = self._store.outbox
        try:
            if await self._settles_doubt(notice) or await self._waits(notice):
                return
            shown = await self._show(notice)
        except BusyError as error:
            log.warning("slack is busy", lane=notice.lane, pause_s=error.pause.total_seconds())
            if self._clock() - notice.tried_since < PATIENCE:
                await outbox.hold(notice, self._clock() + error.pause)
            else:
                await self._forsake(notice, "always_busy")
        except RefusedError as error:
            log.warning("slack refuses", code=error.code)
            await self._give_up(notice, error.code)
        except UnsureError as error:
            await self._maybe_sent(notice, error)
        except _TooLateError:
            log.warning("not sent: its lease is too old")
            await outbox.postpone(notice, self._clock(), in_doubt=False)
        else:
            await outbox.shown(notice, shown.ts, self._clock(), again_at=shown.again_at)

    async def _maybe_sent(self, notice: Notice, error: UnsureError) -> None:
        now = self._clock()
        if now - notice.tried_since < error.patience:
            log.warning("maybe sent", detail=str(error), attempts=notice.attempts)
            pause = back_off(notice.attempts)
            until = now + (max(pause, MAY_YET_COME) if error.late else pause)
            await self._store.outbox.postpone(notice, until, in_doubt=True)
            return
        await self._forsake(notice, "no_answer")

    async def _forsake(self, notice: Notice, code: str) -> None:
        """Give up what Slack has neither taken nor refused for too long."""
        log.error("given up", code=code, since=notice.tried_since)
        if notice.kind is NoticeKind.REPLY:
            await self._reply_alone(await self._job(notice))
        await self._give_up(notice, code)

    async def _reply_alone(self, job: Job) -> None:
        """Tell how it ended another way, where the channel has taken nothing for too long."""
        told = await self._told(job)
        try:
            await self._answer(job, told)
        except PosterError as error:
            log.warning("the asker was not told", user=job.asker.user_id, detail=str(error))
        await self._tell_watchers(job, told)

    async def _settles_doubt(self, notice: Notice) -> bool:
        """Look for what an earlier attempt may have posted; that is all of this step then."""
        since = notice.in_doubt_since
        place = None if since is None else await self._place(notice)
        if since is None or place is None:
            return False
        found = await self._doubts.settle(notice, place, since)
        if found and notice.kind is NoticeKind.REPLY:
            self._replied(await self._job(notice))
        return True

    async def _place(self, notice: Notice) -> Place | None:
        """Say where a notice is posted; None where one person is told alone."""
        if notice.kind in link_posts.KINDS:
            return await self._link_posts.place(notice)
        job = await self._job(notice)
        if notice.kind is NoticeKind.CARD:
            return Place(notice.channel_id, job.asker.thread_ts)
        if notice.kind is NoticeKind.ANSWER:
            return None
        if notice.kind is NoticeKind.NUDGE:
            return await self._nudge_place(notice, job)
        if await self._summaries.told_by(notice, job):
            return Place(notice.channel_id)
        return await self._reply_place(notice, job)

    async def _waits(self, notice: Notice) -> bool:
        """Say whether a reply waits for others, to speak for all of them."""
        if notice.kind is not NoticeKind.REPLY:
            return False
        job = await self._job(notice)
        stands = await self._reply_place(notice, job) is not None
        return stands and await self._summaries.wait(notice, job)

    async def _give_up(self, notice: Notice, code: str) -> None:
        self._given_up(notice.kind)
        if notice.kind in link_posts.KINDS:
            await self._store.outbox.give_up(notice, code)
            return
        if notice.kind is NoticeKind.REPLY:
            await self._summaries.scatter(notice)
        job, tell = await self._job(notice), code not in CARD_GONE
        await self._store.outbox.refuse(notice, job, code, self._clock(), tell=tell)

    async def _job(self, notice: Notice) -> Job:
        job = await self._store.jobs.get(notice.job_id or 0)
        if job is None:
            raise LookupError(notice.job_id)
        return job

    async def _show(self, notice: Notice) -> _Shown:
        if notice.kind in link_posts.KINDS:
            return _Shown(await self._link_posts.show(notice))
        return await self._show_job(notice, await self._job(notice))

    async def _show_job(self, notice: Notice, job: Job) -> _Shown:
        match notice.kind:
            case NoticeKind.CARD:
                return await self._show_card(notice, job)
            case NoticeKind.REPLY:
                return _Shown(await self._reply(notice, job))
            case NoticeKind.NUDGE:
                return _Shown(await self._nudge(notice, job))
            case NoticeKind.ANSWER:
                await self._say_alone(job)
        return _Shown(None)

    async def _show_card(self, notice: Notice, job: Job) -> _Shown:
        face = await self._cards.face(job)
        if notice.ts is None:
            place = Place(notice.channel_id, job.asker.thread_ts)
            return _Shown(await self._post(notice, place, face.message), face.until)
        await self._edit(notice, notice.ts, face.message)
        return _Shown(notice.ts, face.until)

    async def _nudge(self, notice: Notice, job: Job) -> str | None:
        """Ask what to do about a long build, while it makes sense to ask."""
        asks = notice.wanted == 1 and job.state is JobState.RUNNING
        if notice.ts is not None:
            await self._edit(notice, notice.ts, await self._cards.nudge(job, notice, asks=False))
            return notice.ts
        place = await self._nudge_place(notice, job) if asks else None
        if place is None:
            return None
        return await self._post(notice, place, await self._cards.nudge(job, notice, asks=True))

    async def _nudge_place(self, notice: Notice, job: Job) -> Place | None:
        """Find the card's thread; outside of it nobody would know what is meant."""
        place = await self._reply_place(notice, job)
        return replace(place, broadcast=False) if place and place.thread_ts else None

    async def _edit(self, notice: Notice, ts: str, shown: Message) -> None:
        self._check_lease(notice)
        await self._poster.update(notice.channel_id, ts, shown)

    async def _post(self, notice: Notice, place: Place, shown: Message) -> str:
        self._check_lease(notice)
        return await self._poster.post(place, shown, notice.key)

    def _check_lease(self, notice: Notice) -> None:
        """Raise when what is sent now could arrive after another has taken over."""
        if self._clock() - notice.claimed_at > _FRESH:
            raise _TooLateError

    async def _told(self, job: Job) -> Message:
        if children := await self._store.families.children(job):
            return archives.reply(job, children)
        return reply(job, self._clock())

    async def _reply(self, notice: Notice, job: Job) -> str | None:
        if summary := await self._summaries.told_by(notice, job):
            try:
                return await self._post(notice, Place(notice.channel_id), summary)
            except RefusedError as error:
                log.warning("summary refused", code=error.code)
                await self._summaries.scatter(notice)
        told = await self._told(job)
        place = await self._reply_place(notice, job)
        if place is None:
            await self._answer(job, told)
            await self._tell_watchers(job, told)
            return None
        ts = await self._post_reply(notice, job, place, told)
        self._replied(job)
        return ts

    async def _reply_place(self, notice: Notice, job: Job) -> Place | None:
        """Find the place below the job's card, or beside one that is gone; None without a card."""
        stands = await self._store.outbox.card_of(job.id)
        if stands is None or stands.ts is None:
            return None
        thread_ts = job.asker.thread_ts or (None if stands.undeliverable else stands.ts)
        return Place(notice.channel_id, thread_ts, broadcast=self._broadcasts(job))

    def _replied(self, job: Job) -> None:
        if job.ended_at is not None:
            self._lag((self._clock() - job.ended_at).total_seconds())

    async def _post_reply(
        self, notice: Notice, job: Job, place: Place, told: Message
    ) -> str | None:
        try:
            return await self._post(notice, place, told)
        except RefusedError as error:
            log.warning("reply refused", code=error.code)
            if error.code in CARD_GONE and place.thread_ts is not None:
                return await self._post_reply(notice, job, outside(place), told)
        # Thrown out since the card was posted, for one: who waits is told all the same.
        await self._answer(job, told)
        await self._tell_watchers(job, told)
        return None

    async def _say_alone(self, job: Job) -> None:
        match job.outcome:
            case Rejected() as outcome:
                told = rejected(job, outcome)
                await self._answer(job, told)
                await self._tell_watchers(job, told)
            case Cancelled(by=by) if job.resolved is None:
                told = cancelled(job, by)
                # Who cancelled it themselves was answered at once.
                if by != job.asker.user_id:
                    await self._answer(job, told)
                await self._tell_watchers(job, told)
            case Expired() as outcome if job.is_check:
                await self._answer(job, checked(job, outcome, self._clock()))
            case _:
                stands = await self._store.outbox.card_of(job.id)
                code = (stands and stands.undeliverable) or "unknown"
                await self._answer(job, cannot_post(job, code))

    async def _answer(self, job: Job, told: Message) -> None:
        age = self._clock() - job.accepted_at
        await tell(self._poster, job.asker, told, age=age)

    async def _tell_watchers(self, job: Job, told: Message) -> None:
        """Tell those who joined, where there is no thread to mention them in.

        Each of them once at most: if this were repeated, the asker would be told twice.
        """
        for user_id in job.watchers:
            try:
                await self._poster.write_to(user_id, told)
            except PosterError as error:
                log.warning("a watcher was not told", user=user_id, detail=str(error))

    def _broadcasts(self, job: Job) -> bool:
        if job.asker.thread_ts is not None:
            # What was asked in a thread stays there.
            return False
        if self._broadcast == "failures":
            return job.state in {JobState.FAILED, JobState.EXPIRED}
        return self._broadcast == "all"
