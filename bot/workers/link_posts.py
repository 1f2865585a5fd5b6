"""Links for everyone: the post with its button, and in its thread who took one."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.builds.link_post import Origin
from bot.builds.transition import NoticeKind
from bot.slack.errors import RefusedError
from bot.slack.messages.link_post import not_posted, post, taken
from bot.slack.messages.message import Message
from bot.slack.poster import Place, Poster
from bot.store import Store
from bot.store.notice import Notice
from bot.workers.privately import tell
from bot.workers.sender import Sender
from bot.workers.shown import Shown

log = structlog.get_logger(__name__)


class LinkPosts:
    """Shows what the notifier has claimed; raises what the poster raises."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        poster: Poster,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sender = sender
        self._poster = poster
        self._clock = clock

    async def show(self, notice: Notice) -> Shown:
        """Make Slack show a post, or the list in its thread."""
        if notice.kind is NoticeKind.TAKEN:
            return Shown(await self._list(notice))
        posted = await self._store.posts.get(notice.post_id or 0)
        if posted is None:
            raise LookupError(notice.post_id)
        alias = await self._store.apps.name_of(posted.request.app)
        try:
            return Shown(await self._post(notice, post(posted, alias)))
        except RefusedError as error:
            age = self._clock() - posted.created_at
            await tell(self._poster, posted.asker, not_posted(posted, error.code), age=age)
            raise

    async def place(self, notice: Notice) -> Place:
        """Say where a notice is posted; RefusedError when its thread is gone."""
        in_thread = notice.kind is NoticeKind.TAKEN
        return Place(notice.channel_id, await self._thread(notice) if in_thread else None)

    async def _list(self, notice: Notice) -> str:
        shown = taken(await self._store.links.taken(Origin(notice.job_id, notice.post_id)))
        if notice.ts is None:
            return await self._post(notice, shown)
        await self._sender.edit(notice, notice.ts, shown)
        return notice.ts

    async def _post(self, notice: Notice, shown: Message) -> str:
        return await self._sender.post(notice, await self.place(notice), shown)

    async def _thread(self, notice: Notice) -> str:
        if notice.post_id is not None:
            ts = await self._store.outbox.stands_at(notice.post_id)
        else:
            ts = await self._thread_of_card(notice.job_id or 0)
        if ts is None:
            gone = "thread_not_found"
            raise RefusedError(gone)
        return ts

    async def _thread_of_card(self, job_id: int) -> str | None:
        job, card = await self._store.jobs.get(job_id), await self._store.outbox.card_of(job_id)
        asked_in = job.asker.thread_ts if job else None
        return asked_in or (card.ts if card else None)
