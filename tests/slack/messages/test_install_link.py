from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.applivery import Location, itms_url
from bot.builds.link_request import FileKind, LinkRequest
from bot.sandbox.slack.blockkit import check_message
from bot.slack.messages.install_link import (
    LONGEST_URL,
    LeadsTo,
    Offer,
    install_link,
    no_answer,
    no_link,
    waiting,
)

REQUEST = LinkRequest("5f0000000000000000000a01", "5f0000000000000000000b03")
URL = "https://cdn.example.com/fruit.apk?sig=a%20b&key=c"
PLIST = Location.from_header("https://cdn.example.com/manifest.plist?sig=a%20b&key=c")
EXPIRY = datetime(2026, 7, 9, 10, 5, tzinfo=UTC)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_android(shown: SnapshotAssertion) -> None:
    assert install_link(REQUEST, Offer(LeadsTo.APK, URL, EXPIRY)).arguments() == shown


def test_apple(shown: SnapshotAssertion) -> None:
    offer = Offer(LeadsTo.MANIFEST, itms_url(PLIST), EXPIRY)
    assert install_link(REQUEST, offer).arguments() == shown


def test_a_file_without_a_known_expiry(shown: SnapshotAssertion) -> None:
    request = LinkRequest(REQUEST.app, REQUEST.build, FileKind.FILE)
    assert install_link(request, Offer(LeadsTo.IPA, URL, None)).arguments() == shown


def test_waiting(shown: SnapshotAssertion) -> None:
    assert waiting(REQUEST).arguments() == shown


def test_no_link_for_now(shown: SnapshotAssertion) -> None:
    sentence = "Applivery error 9: <!channel> & <https://evil.example|click>\u202e."
    assert no_link(REQUEST, sentence, try_again=True).arguments() == shown


def test_no_link_for_good(shown: SnapshotAssertion) -> None:
    assert no_link(REQUEST, "No such build.", try_again=False).arguments() == shown


def test_no_answer(shown: SnapshotAssertion) -> None:
    assert no_answer(REQUEST).arguments() == shown


@pytest.mark.parametrize("leads_to", LeadsTo)
def test_the_longest_link_is_one_that_slack_takes(leads_to: LeadsTo) -> None:
    url = "https://cdn.example.com/".ljust(LONGEST_URL, "x")
    told = install_link(REQUEST, Offer(leads_to, url, EXPIRY))
    assert check_message(list(told.blocks)) == []
    assert leads_to is LeadsTo.MANIFEST or f"{url}|{leads_to}>" in told.text


def test_an_itms_link_is_in_rich_text_alone() -> None:
    url = itms_url(PLIST)
    told = install_link(REQUEST, Offer(LeadsTo.MANIFEST, url, EXPIRY))
    assert [block["type"] for block in told.blocks if url in str(block)] == ["rich_text"]


def test_the_link_is_not_in_the_repr_of_an_offer() -> None:
    assert "cdn.example.com" not in repr(Offer(LeadsTo.APK, URL, EXPIRY))
