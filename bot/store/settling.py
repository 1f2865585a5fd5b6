"""Settling: how an attempt at a notice went, and whom that lets go."""

from datetime import datetime

from sqlalchemy import Connection

from bot.builds.transition import NoticeKind
from bot.store import leases, wanted
from bot.store.notice import Notice
from bot.store.tables import notices

_OVER = leases.GIVEN_BACK | {"posting_since": None, "tried_since": None, "attempts": 0}


def settle(connection: Connection, notice: Notice, values: dict[str, object]) -> bool:
    """Write how an attempt went and give the lease back; False when someone else took over."""
    held = leases.held(notices, notice.id, notice.lease_owner)
    return bool(connection.execute(held.values(_OVER | values)).rowcount)


def settle_and_release(
    connection: Connection, notice: Notice, values: dict[str, object], now: datetime
) -> bool:
    """Settle what stands now, or never will: the reply to a card waits for this."""
    settled = settle(connection, notice, values)
    if settled and notice.kind is NoticeKind.CARD and notice.job_id is not None:
        wanted.release_reply(connection, notice.job_id, now)
    return settled
