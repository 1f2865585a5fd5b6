"""The database's address, as people and hosting providers write it."""

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_DRIVERS: Final = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
}
_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# As Node's and Go's clients call them.
_OTHER_MODES: Final = {"no-verify": "require", "true": "require", "false": "disable"}
_SWITCHES: Final = {"true": "true", "1": "true", "yes": "true", "false": "", "0": "", "no": ""}
_SESSIONS: Final = ("any", "primary", "read-write")
_SYSTEM: Final = "system"
# Other clients' affairs, and what asyncpg does in its own way.
_IGNORED: Final = frozenset(
    [
        "channel_binding",
        "client_encoding",
        "connection_limit",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "pool_timeout",
        "sslsni",
        "supa",
        "uselibpqcompat",
    ]
)


def read(text: str) -> str:
    """Write an address as the store takes it; raises ValueError with what is wrong."""
    scheme, colon, rest = text.partition("://")
    driver, parts = _DRIVERS.get(scheme, scheme), parted(text)
    if parts is None or not colon or driver not in _DRIVERS.values():
        trouble = "is neither a sqlite:/// nor a postgres:// address"
        raise ValueError(trouble)
    if driver == _DRIVERS["sqlite"]:
        return f"{driver}://{rest}"
    place, socket = _place(parts)
    given = [*parse_qsl(parts.query), *socket]
    pairs = dict(pair for name, value in given for pair in _parameter(name, value))
    _check_files(pairs)
    query = urlencode(pairs, safe="/:", quote_via=quote)
    return f"{driver}://{place}{parts.path}{'?' if query else ''}{query}"


def parted(text: str) -> SplitResult | None:
    """Split an address, unless it cannot be read as one: its port, too, is read late."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


def encryption(parameters: Mapping[str, str]) -> str | ssl.SSLContext | None:
    """Say how to connect: https://www.postgresql.org/docs/current/libpq-ssl.html.

    A server's certificate is checked with `sslrootcert`, or for verify-… with the system's.
    """
    mode, root = parameters.get("sslmode"), parameters.get("sslrootcert")
    own, key = parameters.get("sslcert"), parameters.get("sslkey")
    checks = mode in {"verify-ca", "verify-full"} or root is not None
    if mode in {"disable", "allow", "prefer"} or not (checks or own):
        return mode
    context = ssl.create_default_context(cafile=None if root == _SYSTEM else root)
    context.check_hostname = mode == "verify-full" or root == _SYSTEM
    if not checks:
        context.verify_mode = ssl.CERT_NONE
    if own:
        context.load_cert_chain(own, key)
    return context


def _place(parts: SplitResult) -> tuple[str, list[tuple[str, str]]]:
    """Find a socket's folder where libpq takes it: for a host, with its slashes escaped."""
    user, at, host = parts.netloc.rpartition("@")
    if not host.lower().startswith("%2f"):
        return parts.netloc, []
    folder, _, port = unquote(host).partition(":")
    return f"{user}{at}", [("host", f"{folder}/.s.PGSQL.{port}" if port else folder)]


def _parameter(name: str, value: str) -> list[tuple[str, str]]:
    """Check one of the parameters; none of it is left where it means nothing here."""
    if name in _IGNORED:
        return []
    check = _CHECKS.get(name)
    if check is None:
        plain = "".join(each for each in name[:30] if each.isalnum() or each in "_-")
        trouble = f"has a parameter that the bot does not know: {plain}"
        raise ValueError(trouble)
    checked = check(value.strip())
    if checked is None:
        trouble = f"has a value for {name} that the bot does not know"
        raise ValueError(trouble)
    return [("sslmode" if name == "ssl" else name, checked)] if checked else []


def _mode(value: str) -> str | None:
    mode = _OTHER_MODES.get(value, value)
    return mode if mode in _MODES else None


def _whole(value: str) -> str | None:
    return value if value.isascii() and value.isdecimal() else None


_CHECKS: Final[dict[str, Callable[[str], str | None]]] = {
    "sslmode": _mode,
    "ssl": _mode,
    "sslrootcert": str,
    "sslcert": str,
    "sslkey": str,
    "host": lambda value: None if "," in value else value,
    "options": str,
    "application_name": str,
    "connect_timeout": _whole,
    "pgbouncer": _SWITCHES.get,
    "schema": lambda value: "" if value in {"", "public"} else None,
    "target_session_attrs": lambda value: value if value in _SESSIONS else None,
}


def _check_files(parameters: Mapping[str, str]) -> None:
    """Raise ValueError for a certificate or key that cannot be read."""
    for name in ("sslrootcert", "sslcert", "sslkey"):
        file = parameters.get(name)
        if file and (name, file) != ("sslrootcert", _SYSTEM) and not Path(file).is_file():
            trouble = f"names a file for {name} that is not there"
            raise ValueError(trouble)
    try:
        encryption(parameters)
    except OSError as error:  # of which ssl.SSLError is one
        trouble = "names certificates or a key that cannot be read"
        raise ValueError(trouble) from error
