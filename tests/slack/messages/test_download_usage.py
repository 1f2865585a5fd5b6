import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.apps import NamedApp
from bot.builds.download_command import PostLink, parse
from bot.builds.link_request import LinkRequest
from bot.builds.projects import Known, Project
from bot.builds.usage import UsageError
from bot.slack.messages.download_usage import (
    accepted,
    added,
    apps,
    gone,
    help_text,
    removed,
    repeated,
    switched_off,
    taken,
    usage,
)

REQUEST = LinkRequest("5f0000000000000000000a01", "5f0000000000000000000b03")
APPS = (
    NamedApp("fruit-android", "5f0000000000000000000a01", "543988"),
    NamedApp("fruit-ios", "5f0000000000000000000a02", "620001"),
    NamedApp("odd`<name>", "5f0000000000000000000a03"),
)
KNOWN = Known((Project("fruit", "543988"),))


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_help(shown: SnapshotAssertion) -> None:
    assert help_text().arguments() == shown


def test_usage_is_escaped(shown: SnapshotAssertion) -> None:
    error = parse("&lt;!channel&gt; x")
    assert isinstance(error, UsageError)
    assert usage(error).arguments() == shown


def test_accepted_and_repeated(shown: SnapshotAssertion) -> None:
    wishes = REQUEST, PostLink(LinkRequest(REQUEST.app, alias="fruit-ios"))
    said = [told(wish).arguments() for wish in wishes for told in (accepted, repeated)]
    assert said == shown


def test_the_names_of_apps(shown: SnapshotAssertion) -> None:
    lists = [apps((), KNOWN), apps(APPS[:1], KNOWN), apps(APPS, KNOWN)]
    changes = [added(APPS[0], KNOWN), removed(APPS[0]), taken(APPS[2]), gone(APPS[2])]
    assert [told.arguments() for told in lists + changes] == shown


def test_switched_off(shown: SnapshotAssertion) -> None:
    assert switched_off().arguments() == shown
