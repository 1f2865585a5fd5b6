from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.applivery import Location, itms_url
from bot.builds.build_facts import BuildFacts, install_page
from bot.builds.download_command import PostLink
from bot.builds.link_request import FileKind, LinkRequest
from bot.sandbox.slack.blockkit import check_message
from bot.slack.messages.build_facts import changelog, heading, size
from bot.slack.messages.install_link import (
    LONGEST_URL,
    LeadsTo,
    Offer,
    install_link,
    no_answer,
    no_link,
    waiting,
    which_platform,
)

REQUEST = LinkRequest("5f0000000000000000000a01", "5f0000000000000000000b03", alias="fruit-android")
URL = "https://cdn.example.com/fruit.apk?sig=a%20b&key=c"
PLIST = Location.from_header("https://cdn.example.com/manifest.plist?sig=a%20b&key=c")
EXPIRY = datetime(2026, 7, 9, 10, 5, tzinfo=UTC)
FACTS = BuildFacts(
    app=REQUEST.app,
    build=REQUEST.build,
    name="Fruit Rush",
    slug="fruit-android",
    platform="android",
    version="1.4.0",
    number="57",
    label="RC-1",
    size=24_310_000,
    changelog="Level 3 has its ending.\nFaster loading, <!channel> & <b>more</b>.",
)
NOTHING = BuildFacts(REQUEST.app, REQUEST.build)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_android(shown: SnapshotAssertion) -> None:
    page = install_page("studio", FACTS)
    offer = Offer(LeadsTo.APK, URL, EXPIRY, page=page)
    assert install_link(REQUEST, FACTS, offer).arguments() == shown


def test_apple(shown: SnapshotAssertion) -> None:
    ipa = "https://cdn.example.com/fruit.ipa?sig=a&key=d"
    offer = Offer(LeadsTo.MANIFEST, itms_url(PLIST), EXPIRY, ipa)
    assert install_link(REQUEST, FACTS, offer).arguments() == shown


def test_a_file_of_which_nothing_is_known(shown: SnapshotAssertion) -> None:
    request = LinkRequest(REQUEST.app, kind=FileKind.FILE)
    assert install_link(request, NOTHING, Offer(LeadsTo.IPA, URL, None)).arguments() == shown


def test_waiting(shown: SnapshotAssertion) -> None:
    assert waiting(REQUEST, "Applivery is still processing this build.").arguments() == shown


def test_no_link_for_now(shown: SnapshotAssertion) -> None:
    sentence = "Applivery error 9: <!channel> & <https://evil.example|click>\u202e."
    assert no_link(PostLink(REQUEST), sentence, try_again=True).arguments() == shown


def test_no_link_for_good(shown: SnapshotAssertion) -> None:
    assert no_link(REQUEST, "No such build.", try_again=False).arguments() == shown


def test_no_answer(shown: SnapshotAssertion) -> None:
    told = no_answer(REQUEST, EXPIRY), no_answer(PostLink(REQUEST), EXPIRY, late=True)
    assert [each.arguments() for each in told] == shown


def test_which_platform(shown: SnapshotAssertion) -> None:
    builds = [
        BuildFacts(REQUEST.app, "5f0000000000000000000d03", platform="ios"),
        BuildFacts(REQUEST.app, REQUEST.build, platform="android", version="1.4.0"),
    ]
    wishes = LinkRequest(REQUEST.app, alias="fruit"), PostLink(LinkRequest(REQUEST.app))
    assert [which_platform(wish, builds).arguments() for wish in wishes] == shown


@pytest.mark.parametrize("leads_to", LeadsTo)
def test_the_longest_link_is_one_that_slack_takes(leads_to: LeadsTo) -> None:
    url = "https://cdn.example.com/".ljust(LONGEST_URL, "x")
    told = install_link(REQUEST, FACTS, Offer(leads_to, url, EXPIRY))
    assert check_message(list(told.blocks)) == []
    assert leads_to is LeadsTo.MANIFEST or f"{url}|{leads_to}>" in told.text


def test_an_itms_link_is_in_rich_text_alone() -> None:
    url = itms_url(PLIST)
    told = install_link(REQUEST, FACTS, Offer(LeadsTo.MANIFEST, url, EXPIRY))
    assert [block["type"] for block in told.blocks if url in str(block)] == ["rich_text"]
    assert url not in told.text


def test_a_new_link_is_to_the_build_that_was_shown() -> None:
    latest = LinkRequest(REQUEST.app)
    told = install_link(latest, FACTS, Offer(LeadsTo.APK, URL, None))
    assert told.blocks[-1]["elements"][-1]["value"] == f"{REQUEST.app} {REQUEST.build} type=auto"


def test_links_are_not_in_the_repr_of_an_offer() -> None:
    assert "cdn.example.com" not in repr(Offer(LeadsTo.APK, URL, EXPIRY, URL))


def test_a_long_changelog_is_cut_to_what_is_read() -> None:
    many = BuildFacts("a", "b", changelog="\n".join(f"line {n}" for n in range(99)))
    wide = BuildFacts("a", "b", changelog="<" * 9_000)
    assert changelog(many).endswith(">line 7\n>…")
    assert changelog(wide) == ">" + "&lt;" * 499 + "…"
    assert changelog(BuildFacts("a", "b", changelog=" ")) == ""


def test_foreign_names_are_escaped() -> None:
    facts = BuildFacts("a", "b", "<!here>", None, "tv<", "<1>", "<2>", "<3>", 1, None)
    assert "<" not in heading(facts, None)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (24_310_000, "24.3 MB"), (2 * 10**9, "2 GB")],
)
def test_sizes(number: int, said: str) -> None:
    assert size(number) == said


@pytest.mark.parametrize(
    ("workspace", "facts"),
    [(None, FACTS), ("studio", NOTHING), ("studio", BuildFacts("a", "b", slug="s"))],
)
def test_no_install_page_where_a_part_is_unknown(workspace: str | None, facts: BuildFacts) -> None:
    assert install_page(workspace, facts) is None
