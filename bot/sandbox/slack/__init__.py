"""A Slack on loopback that speaks Slack's own protocols: Web API, Socket Mode, signed HTTP."""

from bot.sandbox.slack.sandbox import SlackSandbox

__all__ = ["SlackSandbox"]
