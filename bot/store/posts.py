"""Posts in the database: messages for everyone, each with a button and never with a link."""

from collections.abc import Callable
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, insert, select, update

from bot.builds.build_facts import BuildFacts
from bot.builds.link_post import Post
from bot.builds.link_request import FileKind, LinkRequest
from bot.builds.transition import NoticeKind
from bot.store import wanted
from bot.store.codec import asker_from, dump_person
from bot.store.engine import Database
from bot.store.link import Link, LinkState
from bot.store.links import end
from bot.store.tables import posts
from bot.store.topics import NOTICE

_FACTS: TypeAdapter[BuildFacts] = TypeAdapter(BuildFacts)


class Posts:
    """The one door to the posts; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def add(self, link: Link, facts: BuildFacts, now: datetime) -> bool:
        """Have a post said for the link that asked for it; False when that was taken over."""
        insertion = insert(posts).values(_row(link, facts, now)).returning(posts.c.id)

        def change(connection: Connection) -> bool:
            if not end(connection, link, LinkState.SERVED, "posted", now):
                return False
            about = {"post_id": connection.execute(insertion).scalar_one()}
            wanted.want_about(connection, about, NoticeKind.POST, link.asker.channel_id, now)
            return True

        added = await self._database.at_once(change, for_people=False)
        if added:
            self._ring(NOTICE)
        return added

    async def get(self, post_id: int) -> Post | None:
        """Read a post."""
        rows = await self._database.rows(select(posts).where(posts.c.id == post_id))
        return _post_from(rows[0]) if rows else None

    async def forget_response_urls(self, before: datetime) -> None:
        """Wipe response URLs that Slack no longer takes: what is not kept cannot leak."""
        stale = update(posts).where(posts.c.created_at < before, posts.c.response_url.is_not(None))
        await self._database.carry_out(stale.values(response_url=None))


def _row(link: Link, facts: BuildFacts, now: datetime) -> dict[str, object]:
    asker = link.asker
    return {
        **dump_person(asker),
        "response_url": asker.response_url,
        "app": facts.app,
        "build": facts.build,
        "kind": link.request.kind,
        "facts": _FACTS.dump_json(facts).decode(),
        "created_at": now,
    }


def _post_from(row: RowMapping) -> Post:
    return Post(
        id=row["id"],
        request=LinkRequest(row["app"], row["build"], FileKind(row["kind"])),
        facts=_FACTS.validate_json(row["facts"]),
        asker=asker_from(row),
        created_at=row["created_at"],
    )
