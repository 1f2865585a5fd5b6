"""The audit trail in the database: written with the thing itself, and only ever added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, or_, select

from bot.builds.audit import LISTED, Act, AuditListing, AuditPage, Entry
from bot.builds.job import Asker, JobKind
from bot.builds.request import BuildRequest
from bot.store.channels import shown_there
from bot.store.codec import dump_person
from bot.store.engine import Database
from bot.store.tables import audit, jobs

_LONGEST_SUBJECT = 200
_INSERTION = insert(audit)


@dataclass(frozen=True, slots=True)
class Deed:
    """What someone did: to which project, if it is one's, and to which job, if it is about one.

    `subject` names it as people know it.
    """

    act: Act
    by: Asker
    subject: str
    project: str | None = None
    job_id: int | None = None


class Audit:
    """Reads the trail; `note` writes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, wanted: AuditListing, asker: Asker, now: datetime, *, everything: bool
    ) -> AuditPage:
        """List who did what, newest first; of builds what the asker may see, or `everything`."""
        query = (
            select(audit)
            .outerjoin(jobs, jobs.c.id == audit.c.job_id)
            .where(audit.c.team_id == asker.team_id, audit.c.at >= now - wanted.span)
        )
        if not everything:
            query = query.where(or_(audit.c.job_id.is_(None), shown_there(asker)))
        if wanted.project is not None:
            query = query.where(audit.c.project == wanted.project)
        if wanted.before is not None:
            query = query.where(audit.c.id < wanted.before)
        newest = query.order_by(audit.c.id.desc()).limit(LISTED + 1)
        found = [_entry(row) for row in await self._database.rows(newest)]
        return AuditPage(wanted, tuple(found[:LISTED]), older=len(found) > LISTED)


def note(connection: Connection, deeds: Sequence[Deed], now: datetime) -> None:
    """Write down what was done, in the transaction that does it: neither is without the other."""
    if deeds:
        connection.execute(_INSERTION, [_row(deed, now) for deed in deeds])


def asked(
    act: Act, by: Asker, kind: JobKind, request: BuildRequest, job_id: int | None = None
) -> Deed:
    """Name what was asked for: a project's scenes, or the branches that are archived."""
    subject = ", ".join(request.scenes[:3])
    if kind is JobKind.ARCHIVE:
        several = "every branch" if request.branches is not None else None
        subject = f"archive of {several or request.branch or 'the main branch'}"
    project = request.alias or f"project {request.project}"
    return Deed(act, by, f"{project} · {subject}", request.project, job_id)


def _row(deed: Deed, now: datetime) -> dict[str, object]:
    return {
        "at": now,
        **dump_person(deed.by),
        "act": deed.act,
        "project": deed.project,
        "job_id": deed.job_id,
        "subject": deed.subject[:_LONGEST_SUBJECT],
    }


def _entry(row: RowMapping) -> Entry:
    return Entry(
        id=row["id"],
        at=row["at"],
        user_id=row["user_id"],
        channel_id=row["channel_id"],
        act=Act(row["act"]),
        subject=row["subject"],
        job_id=row["job_id"],
    )
