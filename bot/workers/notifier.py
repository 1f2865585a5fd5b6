"""The notifier: makes Slack show what the store says, each thing once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.builds.pacing import back_off
from bot.builds.transition import NoticeKind
from bot.slack.errors import PATIENCE, BusyError, RefusedError, UnsureError
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.notice import Notice
from bot.workers.answers import Answers
from bot.workers.cards import Cards
from bot.workers.doubts import MAY_YET_COME, Doubts
from bot.workers.link_posts import LinkPosts
from bot.workers.nudges import Nudges
from bot.workers.places import CARD_GONE
from bot.workers.replies import Replies
from bot.workers.sender import Sender, TooLateError
from bot.workers.shown import Shows, job_of

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)


class Notifier:
    """Claims a notice, has it shown as things are now, and notes what became of that."""

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
        self._owner = owner
        self._clock = clock
        self._doubts = doubts
        self._given_up = given_up
        sender, answers = Sender(poster, clock), Answers(store, poster, clock)
        self._replies = Replies(store, sender, answers, clock, broadcast=broadcast, lag=lag)
        link_posts = LinkPosts(store, sender, poster, clock)
        self._shows: dict[NoticeKind, Shows] = {
            NoticeKind.CARD: Cards(store, sender, clock),
            NoticeKind.REPLY: self._replies,
            NoticeKind.ANSWER: answers,
            NoticeKind.NUDGE: Nudges(store, sender),
            NoticeKind.POST: link_posts,
            NoticeKind.TAKEN: link_posts,
        }

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
            if await self._settles_doubt(notice):
                return
            shown = await self._shows[notice.kind].show(notice)
        except BusyError as error:
            await self._busy(notice, error)
        except RefusedError as error:
            log.warning("slack refuses", code=error.code)
            await self._give_up(notice, error.code)
        except UnsureError as error:
            await self._maybe_sent(notice, error)
        except TooLateError:
            log.warning("not sent: its lease is too old")
            await outbox.postpone(notice, self._clock(), in_doubt=False)
        else:
            if shown is not None:
                await outbox.shown(notice, shown.ts, self._clock(), again_at=shown.again_at)

    async def _settles_doubt(self, notice: Notice) -> bool:
        """Look for what an earlier attempt may have posted; that is all of this step then."""
        since = notice.in_doubt_since
        place = None if since is None else await self._shows[notice.kind].place(notice)
        if since is None or place is None:
            return False
        found = await self._doubts.settle(notice, place, since)
        if found and notice.kind is NoticeKind.REPLY:
            await self._replies.found(notice)
        return True

    async def _busy(self, notice: Notice, error: BusyError) -> None:
        log.warning("slack is busy", lane=notice.lane, pause_s=error.pause.total_seconds())
        if self._clock() - notice.tried_since < PATIENCE:
            await self._store.outbox.hold(notice, self._clock() + error.pause)
        else:
            await self._forsake(notice, "always_busy")

    async def _maybe_sent(self, notice: Notice, error: UnsureError) -> None:
        now = self._clock()
        if now - notice.tried_since < error.patience:
            log.warning("maybe sent", detail=str(error), attempts=notice.attempts)
            pause = back_off(notice.attempts)
            until = now + (max(pause, MAY_YET_COME) if error.late else pause)
            await self._store.outbox.postpone(notice, until, in_doubt=True)
        else:
            await self._forsake(notice, "no_answer")

    async def _forsake(self, notice: Notice, code: str) -> None:
        """Give up what Slack has neither taken nor refused for too long."""
        log.error("given up", code=code, since=notice.tried_since)
        if notice.kind is NoticeKind.REPLY:
            await self._replies.tell_alone(notice)
        await self._give_up(notice, code)

    async def _give_up(self, notice: Notice, code: str) -> None:
        self._given_up(notice.kind)
        if notice.kind is NoticeKind.CARD:
            job, tell = await job_of(self._store, notice), code not in CARD_GONE
            await self._store.outbox.refuse(notice, job, code, self._clock(), tell=tell)
            return
        if notice.kind is NoticeKind.REPLY:
            await self._replies.scatter(notice)
        await self._store.outbox.give_up(notice, code)
