import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.link_request import LinkRequest, parse
from bot.builds.usage import UsageError
from bot.slack.messages.download_usage import accepted, help_text, repeated, switched_off, usage

REQUEST = LinkRequest("5f0000000000000000000a01", "5f0000000000000000000b03")


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
    assert [accepted(REQUEST).arguments(), repeated(REQUEST).arguments()] == shown


def test_switched_off(shown: SnapshotAssertion) -> None:
    assert switched_off().arguments() == shown
