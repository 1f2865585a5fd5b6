from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.apps import NamedApp
from bot.builds.build_facts import BuildFacts
from bot.builds.download_command import parse
from bot.builds.job import Asker
from bot.builds.link_post import Origin, Post, Taken, pressed
from bot.builds.link_request import LinkRequest
from bot.sandbox.slack.blockkit import check_message
from bot.slack.messages.link_post import get_my_link, not_posted, post, taken
from tests.slack.messages.test_install_link import FACTS, REQUEST

NOW = datetime(2026, 7, 9, 14, 2, tzinfo=UTC)
ASKER = Asker("T1", "C1", "U1", None)
POST = Post(7, LinkRequest(REQUEST.app), FACTS, ASKER, NOW)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_a_post_has_one_button_and_no_url(shown: SnapshotAssertion) -> None:
    told = post(POST, "fruit-android").arguments()
    assert told == shown
    assert "http" not in str(told)


def test_a_post_of_which_nothing_is_known(shown: SnapshotAssertion) -> None:
    bare = Post(8, REQUEST, BuildFacts(REQUEST.app, REQUEST.build), ASKER, NOW)
    assert post(bare, None).arguments() == shown


def test_the_button_carries_where_it_stands_and_the_build_that_is_shown() -> None:
    [button] = post(POST, None).blocks[-1]["elements"]
    origin, asked = pressed(button["value"])
    assert origin == Origin(post_id=7)
    assert parse(asked) == LinkRequest(REQUEST.app, FACTS.build)


@pytest.mark.parametrize("value", ["", "post-x a b", "post-", f"job-{'9' * 30} a", "else-1 a b"])
def test_a_value_that_is_not_ours_stands_nowhere(value: str) -> None:
    assert pressed(value) == (Origin(), value)


def test_who_took_one(shown: SnapshotAssertion) -> None:
    links = [Taken(f"U{n}", NOW + timedelta(minutes=n)) for n in range(3)]
    assert [taken(links[:1]).arguments(), taken(links).arguments()] == shown


def test_a_list_of_very_many_is_one_that_slack_takes() -> None:
    told = taken([Taken("U0123456789A", NOW)] * 500)
    assert told.text.startswith("Links taken: 500 (450 earlier, <@U0123456789A> ")
    assert len(told.text) < 4_000
    assert told.text.endswith("UTC>)")


def test_a_channel_that_takes_no_message(shown: SnapshotAssertion) -> None:
    codes = "not_in_channel", "is_archived"
    assert [not_posted(POST, code).arguments() for code in codes] == shown


def test_the_buttons_below_a_build(shown: SnapshotAssertion) -> None:
    apps = [NamedApp(f"fruit-{n}", f"5f0000000000000000000a0{n}") for n in range(9)]
    one, many = get_my_link(142, apps[:1]), get_my_link(142, apps)
    assert [[each.to_dict() for each in buttons] for buttons in (one, many)] == shown
    assert [pressed(each.value or "")[0] for each in one] == [Origin(job_id=142)]
    assert len({each.action_id for each in many}) == 5
    blocks = [{"type": "actions", "elements": [each.to_dict() for each in many]}]
    assert check_message(blocks) == []
