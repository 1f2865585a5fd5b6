"""The doctor at the database: whether it answers, and whether its schema fits."""

from bot.doctor.finding import Finding
from bot.store import schema
from bot.store.engine import Database

_SUBJECT = "Database"


async def examine(url: str) -> Finding:
    """Read the database's revision."""
    database = Database(url)
    try:
        at = await schema.current(database)
    except Exception as error:  # noqa: BLE001 - whatever the driver raises
        advice = "Check DATABASE_URL: the server's name, the path, who may write there."
        return Finding.bad(_SUBJECT, f"does not answer ({type(error).__name__})", advice)
    finally:
        await database.close()
    if at == schema.head():
        return Finding.good(_SUBJECT, f"answers, at head ({at})")
    said = f"at revision {at}, this version needs {schema.head()}" if at else "is empty"
    if database.is_sqlite:
        return Finding.good(_SUBJECT, f"{said}; `serve` migrates it at its start")
    return Finding.bad(_SUBJECT, said, "Run: python -m bot migrate")
