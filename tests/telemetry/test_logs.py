"""Lines are structured, carry the job, and are safe to keep."""

import asyncio
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from bot.telemetry import set_up_logs

SECRET = "s3cr3t-value"
CHATTY = ("slack_sdk", "slack_bolt", "aiohttp", "asyncio", "sqlalchemy", "alembic")
LINK = "https://files.io/download/abc.zip?signature=def"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers, root.level, sys.excepthook
    loggers = [logging.getLogger(name) for name in CHATTY]
    levels = [logger.level for logger in loggers]
    configured = structlog.get_config()
    structlog.contextvars.clear_contextvars()
    yield
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for logger, before in zip(loggers, levels, strict=True):
        logger.setLevel(before)
    structlog.contextvars.clear_contextvars()
    structlog.configure(**configured)


class Lines:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def text(self) -> str:
        out, err = self._capsys.readouterr()
        assert out == "", "standard output belongs to what was asked for"
        return err

    def json(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    return Lines(capsys)


def test_json_lines(lines: Lines) -> None:
    set_up_logs("INFO", "json", [])
    structlog.get_logger("bot.x").info("submitted", remote_id=7, name="Größe")
    text = lines.text()
    assert "Größe" in text
    line = json.loads(text)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "submitted",
        "level": "info",
        "logger": "bot.x",
        "name": "Größe",
        "remote_id": 7,
    }


def test_console_lines(lines: Lines) -> None:
    set_up_logs("INFO", "console", [])
    structlog.get_logger("bot.x").info("submitted", remote_id=7)
    text = lines.text()
    assert "submitted" in text
    assert "remote_id=7" in text


async def test_the_job_is_on_every_line_of_its_task(lines: Lines) -> None:
    set_up_logs("INFO", "json", [])

    async def work(job: int) -> None:
        with structlog.contextvars.bound_contextvars(job=job):
            await asyncio.sleep(0)
            structlog.get_logger("bot").info("ours")
            logging.getLogger("library").info("theirs")

    await asyncio.gather(work(142), work(143))
    structlog.get_logger("bot").info("neither")
    seen = [(line["event"], line.get("job")) for line in lines.json()]
    assert sorted(seen[:4]) == [("ours", 142), ("ours", 143), ("theirs", 142), ("theirs", 143)]
    assert seen[4:] == [("neither", None)]


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_in_any_line(lines: Lines, form: Literal["json", "console"]) -> None:
    set_up_logs("DEBUG", form, [SECRET])
    structlog.contextvars.bind_contextvars(url=LINK)
    logger = structlog.get_logger("bot")
    event = f"event {SECRET}"
    logger.info(event, nested={"a": [LINK, {SECRET: "xoxb-1-2"}]}, odd=ValueError(LINK))
    logger.info("minted", token="unknown")
    logger.info("of %s", SECRET)
    logging.getLogger("library").warning("to %s with %r", LINK, {"token": "xapp-1-2"})
    logging.getLogger("library").warning("stack", stack_info=True, extra={"password": SECRET})
    text = lines.text()
    assert "of [hidden]" in text
    assert "to https://files.io/… with" in text
    for secret in (SECRET, "abc.zip", "def", "xoxb-1", "xapp-1", "unknown"):
        assert secret not in text


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_in_a_traceback(lines: Lines, form: Literal["json", "console"]) -> None:
    set_up_logs("INFO", form, [SECRET])
    try:
        try:
            raise ValueError(SECRET)  # noqa: TRY301 - the chain is what is tested
        except ValueError as error:
            raise KeyError(LINK) from error
    except KeyError:
        structlog.get_logger("bot").exception("ours")
        logging.getLogger("library").exception("theirs")
    text = lines.text()
    assert text.count("Traceback") == 4
    assert "ValueError" in text
    assert SECRET not in text
    assert "abc.zip" not in text


def test_a_traceback_is_one_field_of_one_line(lines: Lines) -> None:
    set_up_logs("INFO", "json", [])
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logging.getLogger("library").exception("oops")
    (line,) = lines.json()
    assert line["exception"].endswith("ZeroDivisionError: division by zero")
    assert set(line) == {"event", "level", "logger", "timestamp", "exception"}


def test_libraries_keep_their_bodies_to_themselves(lines: Lines) -> None:
    set_up_logs("DEBUG", "json", [])
    for name in (
        "slack_sdk.web",
        "slack_bolt.App",
        "aiohttp.access",
        "asyncio",
        "sqlalchemy.engine",
    ):
        logging.getLogger(name).info("body")
        logging.getLogger(name).warning("trouble")
    structlog.get_logger("bot").debug("ours")
    assert [line["event"] for line in lines.json()] == ["trouble"] * 5 + ["ours"]


def test_the_level_is_kept_by_libraries_too(lines: Lines) -> None:
    set_up_logs("ERROR", "json", [])
    structlog.get_logger("bot").warning("quiet")
    logging.getLogger("slack_sdk").warning("quiet")
    logging.getLogger("slack_sdk").error("loud")
    assert [line["event"] for line in lines.json()] == ["loud"]


def test_a_line_that_cannot_be_written_shows_nothing(lines: Lines) -> None:
    set_up_logs("INFO", "json", [SECRET])
    logging.getLogger("library").info("number %d", SECRET)
    assert lines.text() == "A log line of library was lost: TypeError.\n"


def test_what_ends_the_process_is_logged_without_secrets(lines: Lines) -> None:
    set_up_logs("INFO", "json", [SECRET])
    try:
        raise ValueError(SECRET)  # noqa: TRY301 - there is no one to catch it in earnest
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    (line,) = lines.json()
    assert line["event"] == "crashed"
    assert line["exception"].endswith("ValueError: [hidden]")


def test_warnings_are_lines_as_well(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        set_up_logs("INFO", "json", [SECRET])
        warnings.warn(f"old {SECRET}", DeprecationWarning, stacklevel=1)
    (line,) = lines.json()
    assert "DeprecationWarning: old [hidden]" in line["event"]


def test_set_up_again_takes_over(lines: Lines) -> None:
    set_up_logs("INFO", "console", [])
    set_up_logs("INFO", "json", [])
    structlog.get_logger("bot").info("once")
    assert [line["event"] for line in lines.json()] == ["once"]
