from datetime import UTC, datetime, timedelta

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.audit import LISTED, Act, AuditListing, AuditPage, Entry
from bot.builds.projects import Known, Project
from bot.slack.messages.audit import audit

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KNOWN = Known((Project("fruit", "543988"),))
STARTED = Entry(12, NOON, "U1", "C1", Act.STARTED, "Level 3, Menu", 142)
ENTRIES = (
    Entry(14, NOON, "U2", "C1", Act.STOPPED, "Level 3, Menu", 142),
    Entry(13, NOON - timedelta(hours=1), "U1", "D1", Act.CHANGED, "fruit = 543988 engine=2.20.6"),
    STARTED,
)


def test_a_page_of_a_project(snapshot: SnapshotAssertion) -> None:
    page = AuditPage(AuditListing("543988"), ENTRIES, older=True)
    assert audit(page, KNOWN).arguments() == snapshot.use_extension(JSONSnapshotExtension)
    everything = AuditPage(AuditListing(span=timedelta(days=1)), ())
    assert audit(everything, KNOWN).text == "*Who did what, the last 1 day*\nNothing."


def test_hostile_names_are_shown_as_they_are() -> None:
    hostile = Entry(12, NOON, "U1", "C1", Act.STARTED, "<!channel>\n*x* & \u202e", 142)
    told = audit(AuditPage(AuditListing(), LISTED * (hostile,), older=True), KNOWN)
    assert told.text.count("&lt;!channel&gt; *x* &amp;") == LISTED
    assert "<!channel>" not in str(told.blocks)
