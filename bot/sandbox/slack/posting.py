"""Everything that changes what a channel shows, told to those who see it."""

from dataclasses import dataclass, field

from bot.sandbox.slack.audience import Audience
from bot.sandbox.slack.blockkit.ids import with_ids
from bot.sandbox.slack.ids import Stamps
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel, Workspace


@dataclass(slots=True)
class Posting:
    """The one place where messages are made, edited and taken away."""

    workspace: Workspace
    audience: Audience
    stamps: Stamps
    ephemerals: dict[str, Message] = field(default_factory=dict)

    def post(self, channel: Channel, user: str, parts: Json, *, broadcast: bool = False) -> Message:
        """Put up a message that everyone in the channel sees."""
        message = self._new(channel, user, parts)
        if broadcast and message.is_reply:
            message.subtype = "thread_broadcast"
        channel.messages[message.ts] = message
        self._tell(channel, "message", message)
        self._retell_parent(channel, message)
        return message

    def whisper(self, channel: Channel, reader: str, parts: Json) -> Message:
        """Show a message to one person only; it is in no history."""
        message = self._new(channel, self.workspace.bot.id, parts | {"for_user": reader})
        self.ephemerals[message.ts] = message
        event = {"type": "ephemeral", "channel": channel.id, "message": self.whispered(message)}
        self.audience.tell([reader], event)
        return message

    def edit(self, channel: Channel, message: Message, changes: Json) -> None:
        """Change a message in place and mark it as edited."""
        for name, value in changes.items():
            kept = with_ids(value) if name == "blocks" and value else value
            setattr(message, name, kept or None if name == "blocks" else kept)
        if message.for_user is not None:
            self._retell_whisper("ephemeral_replaced", message)
            return
        message.edited = {"user": message.user, "ts": self.stamps.next()}
        self._tell(channel, "message_changed", message)

    def remove(self, channel: Channel, message: Message) -> None:
        """Take a message away; a parent whose thread lives on leaves a tombstone."""
        if message.for_user is not None:
            del self.ephemerals[message.ts]
            self._retell_whisper("ephemeral_deleted", message)
            return
        if channel.replies(message.ts):
            message.subtype, message.blocks, message.metadata = "tombstone", None, None
            message.text = "This message was deleted."
            self._tell(channel, "message_changed", message)
            return
        del channel.messages[message.ts]
        event = {"type": "message_deleted", "channel": channel.id, "ts": message.ts}
        self.audience.tell(self.workspace.audience(channel), event)
        self._retell_parent(channel, message)

    def shown(self, channel: Channel, message: Message, *, metadata: bool = False) -> Json:
        """Return a message as Slack shows it, with the facts of its thread."""
        shown = message.shown(channel.replies(message.ts), metadata=metadata)
        parent = channel.messages.get(message.thread_ts or "")
        if message.is_reply and parent is not None:
            shown["parent_user_id"] = parent.user
        return shown

    def whispered(self, message: Message) -> Json:
        """Return an ephemeral message as its reader's client gets it."""
        return message.shown() | {"is_ephemeral": True}

    def find(self, channel: Channel, ts: str) -> Message | None:
        """Find a message of a channel, an ephemeral one too."""
        whispered = self.ephemerals.get(ts)
        if whispered is not None and whispered.channel == channel.id:
            return whispered
        return channel.messages.get(ts)

    def _new(self, channel: Channel, user: str, parts: Json) -> Message:
        by_bot = user == self.workspace.bot.id
        return Message(
            self.stamps.next(),
            channel.id,
            user,
            bot_profile=self.workspace.bot_profile() if by_bot else None,
            **parts | {"blocks": with_ids(parts.get("blocks") or []) or None},
        )

    def _tell(self, channel: Channel, kind: str, message: Message) -> None:
        event = {"type": kind, "channel": channel.id, "message": self.shown(channel, message)}
        self.audience.tell(self.workspace.audience(channel), event)

    def _retell_parent(self, channel: Channel, message: Message) -> None:
        parent = channel.messages.get(message.thread_ts or "")
        if message.is_reply and parent is not None:
            self._tell(channel, "message_changed", parent)

    def _retell_whisper(self, kind: str, message: Message) -> None:
        event: Json = {"type": kind, "channel": message.channel, "ts": message.ts}
        if kind == "ephemeral_replaced":
            event["message"] = self.whispered(message)
        self.audience.tell([message.for_user or ""], event)
