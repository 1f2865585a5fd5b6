"""Logs: every line structured, with the job's number, and no secret in any of them."""

import logging
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.telemetry.redaction import Redactor

# Below this they print bodies and tokens, whatever the level of the bot's own lines.
_CHATTY = ("slack_sdk", "slack_bolt", "aiohttp", "asyncio", "sqlalchemy", "alembic")


def set_up_logs(level: str, form: Literal["console", "json"], secrets: Sequence[str]) -> None:
    """Send every log line of the process to standard error, redacted."""
    redact = Redactor(secrets)

    def redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        hidden: EventDict = redact(event)
        return hidden

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # A traceback is text before it is redacted; local variables never get into it.
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redacted,
            _renderer(form),
        ],
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _route(formatter, level)


def _renderer(form: Literal["console", "json"]) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # Where rich is installed, the default would show the variables too: secrets among them.
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


class _Output(logging.StreamHandler[TextIO]):
    """Standard error, also where a line that cannot be written does not show what it holds."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say that a line was lost; logging itself would print its arguments."""
        error = type(sys.exception()).__name__
        self.stream.write(f"A log line of {record.name} was lost: {error}.\n")


def _route(formatter: logging.Formatter, level: str) -> None:
    handler = _Output(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Log what ends the process: Python's own traceback would not be redacted."""
    logging.getLogger("bot").critical("crashed", exc_info=(kind, error, traceback))
