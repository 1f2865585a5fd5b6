from datetime import timedelta

import pytest

from bot.sandbox.faults import Answer, Reset
from bot.store.groups import BELIEVED
from bot.workers.groups import GroupReader
from tests.workers.test_whisperer import poster
from tests.workers.workers_room import Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DEVS = {"SDEVS": frozenset({"U1", "U2"})}


def reader(shop: Workshop, *groups: str) -> GroupReader:
    shop.house.slack.workspace.groups.update(SDEVS={"U1", "U2"}, SADMINS={"U3"})
    return GroupReader(shop.store, poster(shop), frozenset(groups))


async def test_it_asks_about_each_group_every_five_minutes(shop: Workshop) -> None:
    groups = reader(shop, "SDEVS", "SADMINS")
    assert [await groups.step(shop.clock()) for _ in range(2)] == [None, None]
    assert await groups.step(shop.clock()) == shop.clock() + timedelta(minutes=1)
    assert await shop.store.groups.members(shop.clock()) == DEVS | {"SADMINS": {"U3"}}
    shop.house.slack.workspace.groups["SDEVS"].add("U9")
    assert await groups.step(shop.clock.advance(299)) is not None
    assert await groups.step(shop.clock.advance(1)) is None
    assert await groups.step(shop.clock()) is None
    assert (await shop.store.groups.members(shop.clock()))["SDEVS"] == {"U1", "U2", "U9"}
    assert len(shop.house.slack.books.granted("usergroups.users.list")) == 4


@pytest.mark.parametrize("act", [Reset(), Answer(502, b"<html>"), Answer(429)])
async def test_while_slack_is_away_what_it_said_last_holds_for_a_day(
    shop: Workshop, act: Reset | Answer
) -> None:
    groups = reader(shop, "SDEVS")
    await groups.step(shop.clock())
    shop.house.slack.faults.add("usergroups.users.list", act=act, times=None)
    await groups.step(shop.clock.advance(300))
    assert await groups.step(shop.clock()) is not None
    assert await shop.store.groups.members(shop.clock()) == DEVS
    await groups.step(shop.clock.advance(BELIEVED.total_seconds()))
    assert await shop.store.groups.members(shop.clock()) == {}


async def test_a_group_that_slack_knows_no_more_is_forgotten(shop: Workshop) -> None:
    groups = reader(shop, "SDEVS")
    await groups.step(shop.clock())
    del shop.house.slack.workspace.groups["SDEVS"]
    await groups.step(shop.clock.advance(300))
    assert await shop.store.groups.members(shop.clock()) == {}
    assert await groups.step(shop.clock()) == shop.clock() + timedelta(minutes=1)
    shop.house.slack.workspace.groups["SDEVS"] = {"U1"}
    await groups.step(shop.clock.advance(60))
    assert await shop.store.groups.members(shop.clock()) == {"SDEVS": {"U1"}}
