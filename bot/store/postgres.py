"""PostgreSQL: how its connections are made, and what a dead machine's leave behind."""

from datetime import timedelta

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

_CONNECTING = timedelta(seconds=5)
# A machine that lost its power in a transaction still holds its locks there: not for longer.
_ABANDONED = "SET idle_in_transaction_session_timeout = '30s'"


def options(answers_within: timedelta) -> dict[str, object]:
    """Say how an engine connects: a server that hangs is not waited for without end."""
    return {
        # One that was restarted is noticed before a statement goes astray.
        "pool_pre_ping": True,
        "connect_args": {
            "timeout": _CONNECTING.total_seconds(),
            "command_timeout": answers_within.total_seconds(),
        },
    }


def set_up(engine: Engine) -> None:
    """Make every connection give its locks back when its machine dies."""
    event.listen(engine, "connect", _connected)


def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Not over a cursor, which would begin a transaction and take it back.
    connection.run_async(lambda driver: driver.execute(_ABANDONED))
