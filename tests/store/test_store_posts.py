import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.builds.apps import NamedApp
from bot.builds.audit import Act, AuditListing
from bot.builds.build_facts import BuildFacts
from bot.builds.job import Asker
from bot.builds.link_post import NOWHERE, Origin, Taken
from bot.builds.link_request import LinkRequest
from bot.builds.transition import NoticeKind
from bot.store import Store
from bot.store.link import Link, LinkState, NewLink, Purpose
from bot.store.notice import Notice
from tests.clock import Clock

REQUEST = LinkRequest("a" * 24)
FACTS = BuildFacts(REQUEST.app, "b" * 24, "Fruit", platform="ios", size=7, changelog="A\n“b”")


async def asked(
    store: Store, clock: Clock, purpose: Purpose, user: str = "U1", origin: Origin = NOWHERE
) -> Link:
    asker = Asker("T1", "C1", user, "https://hooks.example/1")
    new = NewLink(f"{purpose}-{user}", REQUEST, asker, timedelta(minutes=2), purpose, origin)
    await store.links.add(new, clock())
    link = await store.links.claim("me", clock())
    assert link is not None
    return link


async def posted(store: Store, clock: Clock) -> Notice:
    link = await asked(store, clock, Purpose.POST)
    assert link.purpose is Purpose.POST
    assert await store.posts.add(link, FACTS, clock())
    notice = await store.outbox.claim("me", clock())
    assert notice is not None
    await store.outbox.shown(notice, "1.1", clock())
    return notice


async def test_a_post_survives_as_it_was_asked_for(store: Store, clock: Clock) -> None:
    notice = await posted(store, clock)
    assert (notice.kind, notice.post_id, notice.job_id) == (NoticeKind.POST, 1, None)
    post = await store.posts.get(1)
    assert post is not None
    assert (post.facts, post.request) == (FACTS, replace(REQUEST, build=FACTS.build))
    assert (post.asker.user_id, post.asker.response_url) == ("U1", "https://hooks.example/1")
    assert await store.outbox.stands_at(1) == "1.1"
    assert await store.links.next_due() is None
    await store.posts.forget_response_urls(clock.advance(1))
    again = await store.posts.get(1)
    assert again is not None
    assert again.asker.response_url is None


async def test_a_wish_that_was_taken_over_posts_nothing(store: Store, clock: Clock) -> None:
    link = await asked(store, clock, Purpose.POST)
    assert await store.links.finish(link, LinkState.FAILED, "late", clock())
    assert not await store.posts.add(link, FACTS, clock())
    assert await store.posts.get(1) is None
    assert await store.outbox.next_due() is None


async def test_who_took_a_link_is_one_notice_however_many_they_are(
    store: Store, clock: Clock
) -> None:
    await posted(store, clock)
    here = Origin(post_id=1)
    links = [await asked(store, clock, Purpose.LINK, f"U{n}", here) for n in range(2, 7)]
    unserved, elsewhere = links.pop(), await asked(store, clock, Purpose.LINK, "U9")
    await store.links.finish(unserved, LinkState.FAILED, "NotFound", clock())
    assert await store.outbox.next_due() is None  # nothing was taken yet
    await asyncio.gather(
        *(store.links.finish(each, LinkState.SERVED, "delivered", clock()) for each in links),
        store.links.finish(elsewhere, LinkState.SERVED, "delivered", clock()),
    )
    clock.advance(2)
    notice = await store.outbox.claim("me", clock())
    assert notice is not None
    assert (notice.kind, notice.post_id) == (NoticeKind.TAKEN, 1)
    taken = await store.links.taken(here)
    assert sorted(each.user_id for each in taken) == ["U2", "U3", "U4", "U5"]
    await store.outbox.shown(notice, "1.2", clock())
    assert await store.outbox.next_due() is None

    late = await asked(store, clock, Purpose.LINK, "U7", here)
    await store.links.finish(late, LinkState.SERVED, "delivered", clock())
    clock.advance(2)
    again = await store.outbox.claim("me", clock())
    assert again is not None
    assert (again.id, again.ts, again.lane) == (notice.id, "1.2", "update")
    assert (await store.links.taken(here))[-1] == Taken("U7", late.asked_at)


MINA = Asker("T1", "C1", "U1")


async def test_apps_live_from_add_to_remove(store: Store, clock: Clock) -> None:
    ios, android = NamedApp("Fruit-iOS", "a" * 24, "543988"), NamedApp("fruit-a", "b" * 24)
    assert await store.apps.add(ios, MINA, clock())
    assert await store.apps.add(android, MINA, clock())
    assert not await store.apps.add(NamedApp("fruit-ios", "c" * 24), MINA, clock())
    assert await store.apps.all() == (android, ios)
    assert await store.apps.of_project("543988") == (ios,)
    assert await store.apps.name_of("a" * 24) == "Fruit-iOS"
    assert await store.apps.name_of("c" * 24) is None
    assert await store.apps.remove("FRUIT-IOS", MINA, clock())
    assert not await store.apps.remove("fruit-ios", MINA, clock())
    trail = await store.audit.page(AuditListing(), MINA, clock(), everything=True)
    assert [(each.act, each.subject) for each in trail.entries] == [
        (Act.REMOVED, f"Fruit-iOS = app {ios.id}"),
        (Act.ADDED, f"fruit-a = app {android.id}"),
        (Act.ADDED, f"Fruit-iOS = app {ios.id}"),
    ]
    assert await store.apps.all() == (android,)
