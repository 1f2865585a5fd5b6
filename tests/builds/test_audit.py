from datetime import timedelta

import pytest

from bot.builds.audit import AuditListing
from bot.builds.builds_command import parse
from bot.builds.projects import Known, Project
from bot.builds.usage import UsageError

KNOWN = Known((Project("Fruit Rush", "543988"), Project("maze", "7")))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("audit", AuditListing(None, 7 * DAY)),
        ("AUDIT fruit", AuditListing("543988", 7 * DAY)),
        ("audit 12h maze", AuditListing("7", DAY / 2)),
        ("audit 620001 30D", AuditListing("620001", 30 * DAY)),
        ("audit 36h before=12", AuditListing(None, 1.5 * DAY, 12)),
    ],
)
def test_a_line_and_the_line_it_is_written_as(line: str, wanted: AuditListing) -> None:
    assert parse(line, KNOWN) == wanted
    assert parse(str(wanted), KNOWN) == wanted


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("audit froot", "“froot” is neither the id of a project nor a short name"),
        ("audit fruit maze", "“maze” is one too many"),
        ("audit 9999d", "9999d is too long ago"),
        ("audit user=U1", "“user=U1” says nothing to me"),
        ("audit before=x", "“before=x” says nothing to me"),
    ],
)
def test_a_line_that_cannot_be_read(line: str, problem: str) -> None:
    read = parse(line, KNOWN)
    assert isinstance(read, UsageError)
    assert problem in read.problem
    assert read.hint is None or isinstance(parse(read.hint, KNOWN), AuditListing)
