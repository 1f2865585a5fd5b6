"""An install link as it is asked for, and as a worker has it in hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import RowMapping

from bot.builds.job import Asker
from bot.builds.link_post import NOWHERE, Origin
from bot.builds.link_request import FileKind, LinkRequest
from bot.store.codec import asker_from, dump_person


class LinkState(StrEnum):
    """Where a link is; the arrows are in tables/link.py."""

    ASKED = "asked"
    SERVED = "served"
    FAILED = "failed"


class Purpose(StrEnum):
    """What a link was asked for: to be shown to the asker, or to be offered to everyone."""

    LINK = "link"
    POST = "post"


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a listener asks for. `intake_key` is the same however often Slack delivers it."""

    intake_key: str
    request: LinkRequest
    asker: Asker
    patience: timedelta
    purpose: Purpose = Purpose.LINK
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Link:
    """One person's wish for a link. `told`: they know already that it takes longer."""

    id: int
    request: LinkRequest
    asker: Asker
    asked_at: datetime
    deadline_at: datetime
    attempts: int
    told: bool
    purpose: Purpose
    origin: Origin
    version: int
    lease_owner: str | None


def row_of(new: NewLink, now: datetime) -> dict[str, object]:
    """Write the row of what is asked for."""
    asker, request = new.asker, new.request
    return {
        "state": LinkState.ASKED,
        "intake_key": new.intake_key,
        **dump_person(asker),
        "response_url": asker.response_url,
        "purpose": new.purpose,
        "job_id": new.origin.job_id,
        "post_id": new.origin.post_id,
        "app": request.app,
        "build": request.build,
        "kind": request.kind,
        "asked_at": now,
        "deadline_at": now + new.patience,
        "due_at": now,
    }


def link_from(row: RowMapping) -> Link:
    """Read a link."""
    return Link(
        id=row["id"],
        request=LinkRequest(row["app"], row["build"], FileKind(row["kind"])),
        asker=asker_from(row),
        asked_at=row["asked_at"],
        deadline_at=row["deadline_at"],
        attempts=row["attempts"],
        told=row["told_at"] is not None,
        purpose=Purpose(row["purpose"]),
        origin=Origin(row["job_id"], row["post_id"]),
        version=row["version"],
        lease_owner=row["lease_owner"],
    )
