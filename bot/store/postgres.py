"""PostgreSQL: how its connections are made, and what a dead machine's leave behind."""

from datetime import timedelta

from sqlalchemy import URL, AdaptedConnection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot import address

_CONNECTING = timedelta(seconds=5)
# libpq's parameters that the server is told, rather than the driver.
_FOR_SERVER = ("application_name", "options")
_FOR_DRIVER = ("host", "target_session_attrs")
# A machine that lost its power in a transaction still holds its locks there: not for longer.
_ABANDONED = "SET idle_in_transaction_session_timeout = '30s'"


def driven(url: URL) -> URL:
    """Leave of an address what the driver itself understands."""
    return url.set(query={name: url.query[name] for name in _FOR_DRIVER if name in url.query})


def options(url: URL, answers_within: timedelta) -> dict[str, object]:
    """Say how an engine connects: a server that hangs is not waited for without end."""
    given = {name: value for name, value in url.query.items() if isinstance(value, str)}
    told = {name: given[name] for name in _FOR_SERVER if name in given}
    arguments: dict[str, object] = {
        "timeout": float(given.get("connect_timeout", 0)) or _CONNECTING.total_seconds(),
        "command_timeout": answers_within.total_seconds(),
        "server_settings": told,
    }
    if (encryption := address.encryption(given)) is not None:
        arguments["ssl"] = encryption
    if is_shared(url):
        # Nothing may stay behind in a connection that is another's after the transaction:
        # https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#prepared-statement-name-with-pgbouncer
        arguments |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: "",
        }
    return {"connect_args": arguments}


def is_shared(url: URL) -> bool:
    """Say whether a pooler gives each transaction whichever connection is free."""
    return url.query.get("pgbouncer") == "true"


def set_up(engine: Engine, url: URL) -> None:
    """Take no connection that is closed, nor leave locks behind in one whose machine dies."""
    event.listen(engine, "checkout", _checked_out)
    # A pooler's connections are its own.
    if not is_shared(url):
        event.listen(engine, "connect", _connected)


def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Not over a cursor, which would begin a transaction and take it back.
    connection.run_async(lambda driver: driver.execute(_ABANDONED))


def _checked_out(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    # A server that ends says so, and the socket knows: to ask it each time takes three round
    # trips. One that says nothing is found out by the statement.
    if isinstance(connection, AdaptedConnection) and connection.driver_connection.is_closed():
        raise DisconnectionError
