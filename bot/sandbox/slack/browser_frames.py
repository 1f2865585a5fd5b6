"""Frames of the page's WebSocket: what each asks for, and its answer when it has one."""

from typing import Any

from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel, User


class Frames:
    """Does what one browser asks for, as the person it is."""

    def __init__(self, slack: SlackSandbox, hint: str) -> None:
        self.user = ""
        self._slack = slack
        self._hint = hint

    def hello(self) -> Json:
        """Tell the page everything it starts with."""
        workspace, installation = self._slack.workspace, self._slack.core.installation
        everyone = [*workspace.users.values(), workspace.bot]
        channels = [c for c in workspace.channels.values() if self._sees(c)]
        return {
            "type": "hello",
            "you": self.user,
            "team": {"id": workspace.team_id, "name": workspace.team_name},
            "bot": {"user_id": workspace.bot.id, "name": workspace.bot.name},
            "users": [_person(user) for user in everyone],
            "channels": [self._slack.core.outline(channel) for channel in channels],
            "commands": [
                {
                    "command": each.command,
                    "description": each.description,
                    "usage_hint": each.usage_hint,
                }
                for each in installation.commands
            ],
            "shortcuts": [
                {"callback_id": each.callback_id, "name": each.name}
                for each in installation.shortcuts
                if each.type == "message"
            ],
            "hint": self._hint,
        }

    async def answer(self, frame: Json) -> Json | None:
        """Do what a frame asks for; a LookupError says what is not there."""
        match frame.get("type"):
            case "open":
                return self._history(self._channel(frame))
            case "thread":
                return self._thread(self._channel(frame), str(frame["ts"]))
            case "home":
                self._slack.open_home(self.user)
            case "say":
                channel = self._channel(frame)
                thread_ts = frame.get("thread_ts") or None
                await self._slack.say(self.user, channel.id, str(frame["text"]), thread_ts)
            case "press":
                await self._press(frame)
            case "suggest":
                return await self._suggest(frame)
            case "shortcut":
                await self._slack.shortcut(self.user, frame["ts"], frame["callback_id"])
            case "submit":
                values = (frame.get("state") or {}).get("values") or {}
                await self._slack.submit(self.user, frame["view_id"], values)
            case "close":
                await self._slack.close(self.user, frame["view_id"])
        return None

    async def _press(self, frame: Json) -> None:
        await self._slack.press(
            self.user,
            _where(frame),
            frame["action_id"],
            frame.get("action"),
            block_id=frame.get("block_id"),
            state=(frame.get("state") or {}).get("values"),
        )

    async def _suggest(self, frame: Json) -> Json:
        offered = await self._slack.suggest(
            self.user,
            _where(frame),
            frame["action_id"],
            str(frame.get("value", "")),
            block_id=frame.get("block_id"),
        )
        options = {"options": offered.get("options") or []}
        groups = {"option_groups": offered.get("option_groups") or []}
        return {"type": "options", "id": frame.get("id")} | options | groups

    def _history(self, channel: Channel) -> Json:
        posting = self._slack.core.posting
        messages = [posting.shown(channel, message) for message in channel.timeline()]
        return {"type": "history", "channel": channel.id, "messages": messages}

    def _thread(self, channel: Channel, ts: str) -> Json:
        posting = self._slack.core.posting
        messages = [posting.shown(channel, message) for message in channel.thread(ts)]
        return {"type": "thread", "channel": channel.id, "ts": ts, "messages": messages}

    def _channel(self, frame: Json) -> Channel:
        channel = self._slack.workspace.channels[frame["channel"]]
        if not self._sees(channel):
            raise KeyError(channel.id)
        return channel

    def _sees(self, channel: Channel) -> bool:
        return self.user in self._slack.workspace.audience(channel)


def _where(frame: Json) -> Any:  # noqa: ANN401 - JSON
    return frame.get("view_id") or frame["ts"]


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "color": user.color,
        "is_bot": user.is_bot,
    }
