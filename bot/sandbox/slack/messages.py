"""A message as Slack keeps it, and as it shows it to apps and people."""

from dataclasses import dataclass, field

from bot.sandbox.slack.wire import Json


@dataclass(slots=True, eq=False)
class Message:
    """One message; `for_user` is set when only that person sees it."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    edited: Json | None = None
    bot_profile: Json | None = None
    for_user: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Say whether the message hangs in a thread below another one."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_broadcast(self) -> bool:
        """Say whether a reply is shown in its channel too."""
        return self.subtype == "thread_broadcast"

    def shown(self, replies: "list[Message] | None" = None, *, metadata: bool = False) -> Json:
        """Return Slack's message object, with metadata only for those who ask for it."""
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        optional = {
            "subtype": self.subtype,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
            "metadata": self.metadata if metadata else None,
        }
        shown |= {key: value for key, value in optional.items() if value is not None}
        if self.bot_profile is not None:
            shown |= {
                "bot_id": self.bot_profile["id"],
                "app_id": self.bot_profile["app_id"],
                "team": self.bot_profile["team_id"],
                "bot_profile": self.bot_profile,
            }
        return shown | self._reacted() | _thread_facts(self, replies or [])

    def _reacted(self) -> Json:
        reactions = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in self.reactions.items()
        ]
        return {"reactions": reactions} if reactions else {}


def _thread_facts(parent: Message, replies: list[Message]) -> Json:
    if parent.is_reply or not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users": people,
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
    }
