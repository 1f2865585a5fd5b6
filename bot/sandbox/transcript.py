"""A conversation as a terminal shows it: who said what, and what was edited."""

import html
import re
from typing import Any

from bot.sandbox.slack.workspace import Workspace

_MENTION = re.compile(r"<@(\w+)>")
_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<(https?://[^|>]+)\|([^>]+)>")
_EMOJI = re.compile(r":[a-z_]+:")


class Transcript:
    """Writes events as lines; what a card shows twice is written once."""

    def __init__(self, workspace: Workspace, user_id: str) -> None:
        self._workspace = workspace
        self._me = user_id
        self._shown: dict[str, str] = {}

    def typed(self, text: str) -> str:
        """Write what the person types."""
        return f"{self._name(self._me)}: {text}"

    def lines(self, event: dict[str, Any]) -> list[str]:
        """Write an event; most need no line."""
        match event["type"]:
            case "message" | "message_changed":
                return self._said(event["message"], changed=event["type"] == "message_changed")
            case "ephemeral":
                return [f"  (only you see this) {self._plain(event['message'].get('text', ''))}"]
            case "notice":
                return [f"  (Slackbot) {event['text']}"]
            case _:
                return []

    def _said(self, message: dict[str, Any], *, changed: bool) -> list[str]:
        text = self._plain(message.get("text", ""))
        if message.get("user") == self._me or self._shown.get(message["ts"]) == text:
            return []
        self._shown[message["ts"]] = text
        if message.get("thread_ts", message["ts"]) != message["ts"]:
            return [f"    ↳ {self._name(message.get('user', ''))}: {text}"]
        return [f"{self._name(message.get('user', ''))}{' (edited)' if changed else ''}: {text}"]

    def _plain(self, text: str) -> str:
        text = _MENTION.sub(lambda found: f"@{self._name(found[1])}", text)
        text = _DATE.sub(r"\1", text)
        text = _LINK.sub(r"\2: \1", text)
        return html.unescape(_EMOJI.sub("", text)).replace("\n", "\n      ").strip()

    def _name(self, user_id: str) -> str:
        if user_id == self._workspace.bot.id:
            return self._workspace.bot.real_name
        user = self._workspace.users.get(user_id)
        return user.real_name if user else user_id
