"""Console: builds and archives on the command line, without Slack."""

from bot.console.commands import archive, build

__all__ = ["archive", "build"]
