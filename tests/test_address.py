import ssl
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.address import encryption, read
from bot.store import Store, postgres
from bot.store.engine import RELEASE, Database
from tests.clock import Clock, Rung
from tests.store.store_room import job, new

AT = "postgres://u:p@db/bot"
READ = "postgresql+asyncpg://u:p@db/bot"


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        (f"{AT}?sslmode=require&channel_binding=require", f"{READ}?sslmode=require"),
        (f"{AT}?ssl=true", f"{READ}?sslmode=require"),
        (f"{AT}?sslmode=no-verify", f"{READ}?sslmode=require"),
        (f"{AT}?sslmode=disable", f"{READ}?sslmode=disable"),
        (f"{AT}?sslmode=verify-full&sslrootcert=system", None),
        (f"{AT}?connect_timeout=15&application_name=my%20bot", None),
        (f"{AT}?options=endpoint%3Dep-1", None),
        (f"{AT}?pgbouncer=true&connection_limit=1&schema=public", f"{READ}?pgbouncer=true"),
        (f"{AT}?pgbouncer=false&keepalives=1&sslmode=", READ),
        (f"{AT}?target_session_attrs=read-write", None),
        ("postgresql://u:p@/bot?host=/run/pg", "postgresql+asyncpg://u:p@/bot?host=/run/pg"),
        ("postgres://u:p@%2Frun%2Fpg/bot", "postgresql+asyncpg://u:p@/bot?host=/run/pg"),
        (
            "postgres://u@%2Frun%2Fpg:6432/bot",
            "postgresql+asyncpg://u@/bot?host=/run/pg/.s.PGSQL.6432",
        ),
        ("postgres://u:p%40%2F@db:6432/bot", "postgresql+asyncpg://u:p%40%2F@db:6432/bot"),
        ("sqlite:///a?b=c", "sqlite+aiosqlite:///a?b=c"),
    ],
)
def test_addresses_as_they_are_handed_out(given: str, understood: str | None) -> None:
    assert read(given) == (understood or given.replace(AT, READ))
    assert read(read(given)) == read(given)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sslmod=private", "has a parameter that the bot does not know: sslmod"),
        ("pass%0aword=private", "has a parameter that the bot does not know: password"),
        ("sslmode=private", "has a value for sslmode that the bot does not know"),
        ("ssl=private", "has a value for ssl that the bot does not know"),
        ("connect_timeout=private", "has a value for connect_timeout"),
        ("pgbouncer=private", "has a value for pgbouncer"),
        ("host=a,b", "has a value for host"),
        ("sslrootcert=/private.crt", "names a file for sslrootcert that is not there"),
    ],
)
def test_what_is_not_known_is_named_and_not_shown(query: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as raised:
        read(f"{AT}?{query}")
    assert "private" not in str(raised.value)


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "root.crt").write_text("This is a letter.")
    with pytest.raises(ValueError, match="certificates or a key that cannot be read"):
        read(f"{AT}?sslmode=require&sslrootcert={tmp_path}/root.crt")


def test_whose_certificate_is_checked() -> None:
    assert encryption({}) is None
    assert encryption({"sslmode": "require"}) == "require"
    for mode, name in (("verify-ca", False), ("verify-full", True)):
        context = encryption({"sslmode": mode})
        assert isinstance(context, ssl.SSLContext)
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, name)


async def test_the_server_is_told_what_is_meant_for_it(postgres_url: str) -> None:
    more = "application_name=fruit&options=-c%20statement_timeout%3D777&connect_timeout=9"
    mark = "&" if "?" in postgres_url else "?"
    database = Database(read(f"{postgres_url}{mark}{more}"))
    for setting, value in (("application_name", "fruit"), ("statement_timeout", "777ms")):
        [row] = await database.rows(text(f"SHOW {setting}"))
        assert row[setting] == value
    await database.close()
    options = postgres.options(make_url(read(f"{AT}?connect_timeout=9")), RELEASE)
    arguments = options["connect_args"]
    assert isinstance(arguments, dict)
    assert arguments["timeout"] == 9


async def test_a_pooler_of_transactions_finds_nothing_left_behind(
    postgres_at_head: str, clock: Clock
) -> None:
    mark = "&" if "?" in postgres_at_head else "?"
    store = Store(read(f"{postgres_at_head}{mark}pgbouncer=true"), "account", Rung())
    await store.groups.saw("S1", frozenset({"U1"}), clock())
    added = await store.jobs.add(new(), clock())
    assert (await job(store, added.id)).id == added.id
    left = text("SELECT name FROM pg_prepared_statements WHERE name <> ''")
    silent = "idle_in_transaction_session_timeout"
    assert await store.database.rows(left) == []
    [row] = await store.database.rows(text(f"SHOW {silent}"))
    assert row[silent] == "0"
    await store.database.close()
