"""One workspace: its team, people, channels and the messages in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sandbox.slack.ids import new_id
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Json


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot's own account."""

    id: str
    name: str
    real_name: str
    title: str = ""
    color: str = "4a5568"
    is_bot: bool = False
    zone: str = "Europe/Madrid"
    has_left: bool = False


@dataclass(slots=True, eq=False)
class Channel:
    """A public or private channel, or a direct conversation of one person with the bot."""

    id: str
    name: str
    topic: str = ""
    members: set[str] = field(default_factory=set)
    bot_in: bool = False
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Name the kind as Slack's scopes do: channels, groups or im."""
        if self.is_im:
            return "im"
        return "groups" if self.is_private else "channels"

    def thread(self, parent: str) -> list[Message]:
        """Return the parent, if it is still there, and its replies, oldest first."""
        found = [m for m in self.messages.values() if parent in (m.ts, m.thread_ts)]
        return sorted(found, key=lambda message: message.ts)

    def replies(self, parent: str) -> list[Message]:
        """Return the replies to a message, oldest first."""
        return [m for m in self.thread(parent) if m.ts != parent]

    def timeline(self) -> list[Message]:
        """Return what the channel itself shows, oldest first: no replies but broadcast ones."""
        shown = (m for m in self.messages.values() if not m.is_reply or m.is_broadcast)
        return sorted(shown, key=lambda message: message.ts)


@dataclass(slots=True, eq=False)
class Workspace:
    """A team with everything in it."""

    team_id: str
    team_name: str
    domain: str
    app_id: str
    bot: User
    bot_id: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)

    def add_user(self, user: User) -> User:
        """Take in a person."""
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        """Take in a channel."""
        self.channels[channel.id] = channel
        return channel

    def channel(self, name_or_id: str) -> Channel | None:
        """Find a channel by id, `#name` or `name`."""
        by_id = self.channels.get(name_or_id)
        name = name_or_id.removeprefix("#")
        named = (c for c in self.channels.values() if c.name == name and not c.is_im)
        return by_id or next(named, None)

    def person(self, user_id: str) -> User:
        """Find a person; a KeyError says that there is none with that id."""
        return self.users[user_id]

    def direct(self, user_id: str) -> Channel:
        """Return the direct conversation of a person with the bot, opened when needed."""
        mine = (c for c in self.channels.values() if c.is_im and user_id in c.members)
        found = next(mine, None)
        return found or self.add_channel(
            Channel(new_id("D"), "directmessage", members={user_id}, bot_in=True, is_im=True)
        )

    def audience(self, channel: Channel) -> Iterable[str]:
        """Name everyone who can read a channel."""
        if channel.is_im or channel.is_private:
            return [user for user in self.users if user in channel.members]
        return list(self.users)

    def bot_profile(self) -> Json:
        """Describe the bot as it stands in its messages."""
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "name": self.bot.real_name,
            "team_id": self.team_id,
            "deleted": False,
        }
