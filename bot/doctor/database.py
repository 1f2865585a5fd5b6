"""The doctor at the database: whether it answers, and whether its schema fits."""

from bot.doctor.finding import Finding
from bot.store import schema
from bot.store.engine import Database
from bot.store.schema import Standing
from bot.store.trouble import said

_SUBJECT = "Database"


async def examine(url: str) -> Finding:
    """Read the database's revision."""
    database = Database(url)
    try:
        at, standing = await schema.current(database), await schema.standing(database)
    except Exception as error:  # noqa: BLE001 - whatever the driver raises
        if (sentence := said(error)) is not None:
            return Finding.bad(_SUBJECT, "cannot be used", sentence)
        advice = "Check DATABASE_URL: the server's name, the path, who may write there."
        return Finding.bad(_SUBJECT, f"does not answer ({type(error).__name__})", advice)
    finally:
        await database.close()
    return _judged(at, standing, is_sqlite=database.is_sqlite)


def _judged(at: str | None, standing: Standing, *, is_sqlite: bool) -> Finding:
    head = schema.head()
    match standing:
        case Standing.AT_HEAD:
            return Finding.good(_SUBJECT, f"answers, at head ({at})")
        case Standing.AHEAD:
            return Finding.good(_SUBJECT, f"answers, at {at}, newer than this version's {head}")
        case Standing.FOREIGN:
            advice = "Check DATABASE_URL: the bot wants a database of its own."
            return Finding.bad(_SUBJECT, "holds something else than the bot's tables", advice)
        case Standing.EMPTY | Standing.BEHIND:
            said_of = f"at revision {at}, this version needs {head}" if at else "is empty"
    if is_sqlite:
        return Finding.good(_SUBJECT, f"{said_of}; `serve` migrates it at its start")
    return Finding.bad(_SUBJECT, said_of, "Run: python -m bot migrate")
