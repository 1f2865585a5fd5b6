"""Lanes: what shares one pace at Slack waits for its turn in the database, on every machine."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.tables import lanes

UPDATES = "update"
PROGRESS = "progress"
LOOK_UPS = "look-up"
_POST = "post:"
_ANSWER = "answer:"
# chat.postMessage takes about one a second per channel; chat.update, conversations.history and
# conversations.replies take 50 a minute per workspace.
_POST_SPACING = timedelta(seconds=1)
_WORKSPACE_SPACING = timedelta(seconds=1.2)
_ANSWER_SPACING = timedelta(seconds=0.6)
# The age of what runs is edited in turns that nobody else took: after one, an ending goes at once.
_PROGRESS_SPACING = 2 * _WORKSPACE_SPACING


def posts_to(channel_id: str) -> str:
    """Name the lane of new messages in a channel."""
    return _POST + channel_id


def answers_to(user_id: str) -> str:
    """Name the lane of answers to one person."""
    return _ANSWER + user_id


def enter(connection: Connection, lane: str, now: datetime) -> bool:
    """Take the next turn in a lane; False when another machine just took it."""
    if lane == UPDATES:
        _shut(connection, PROGRESS, now + _PROGRESS_SPACING)
    opens_at = now + _spacing(lane)
    taken = update(lanes).where(lanes.c.name == lane, lanes.c.opens_at <= now)
    if connection.execute(taken.values(opens_at=opens_at)).rowcount:
        return True
    if connection.scalar(select(lanes.c.name).where(lanes.c.name == lane)):
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(lanes).values(name=lane, opens_at=opens_at))
    except IntegrityError:
        return False
    return True


def close(connection: Connection, lane: str, until: datetime) -> None:
    """Let nothing through before `until`, as Slack asked of a method and so of all its lanes."""
    for each in (PROGRESS, UPDATES) if lane in {PROGRESS, UPDATES} else (lane,):
        _shut(connection, each, until)


def prune(connection: Connection, before: datetime) -> None:
    """Forget lanes that have long been open."""
    connection.execute(delete(lanes).where(lanes.c.opens_at < before))


def _shut(connection: Connection, lane: str, until: datetime) -> None:
    closed = update(lanes).where(lanes.c.name == lane, lanes.c.opens_at < until)
    connection.execute(closed.values(opens_at=until))


def _spacing(lane: str) -> timedelta:
    if lane.startswith(_POST):
        return _POST_SPACING
    if lane == PROGRESS:
        return _PROGRESS_SPACING
    return _WORKSPACE_SPACING if lane in {UPDATES, LOOK_UPS} else _ANSWER_SPACING
