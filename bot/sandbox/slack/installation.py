"""The app as it is installed in the workspace: its commands, shortcuts, scopes and events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# shared by most bots that build things: what this one's manifest asks for
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "groups:history",
        "groups:read",
        "usergroups:read",
        "users:read",
    }
)


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command that Slack offers and hands to the app."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a message's menu (`message`) or of the workspace's (`global`)."""

    callback_id: str
    name: str
    type: str = "message"


@dataclass(frozen=True, slots=True)
class Installation:
    """What an app's manifest told Slack; `scopes` None grants everything."""

    commands: tuple[Command, ...] = (
        Command("/build", "Build a PlayCanvas app", '543988 "Level 3"'),
    )
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] | None = SCOPES
    events: frozenset[str] = frozenset({"app_mention", "app_home_opened"})

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> "Installation":
        """Read an app manifest, as it is pasted when a Slack app is created."""
        features = manifest.get("features", {})
        subscribed = manifest.get("settings", {}).get("event_subscriptions", {})
        return cls(
            commands=tuple(map(_command, features.get("slash_commands", ()))),
            shortcuts=tuple(
                Shortcut(each["callback_id"], each["name"], each["type"])
                for each in features.get("shortcuts", ())
            ),
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            events=frozenset(subscribed.get("bot_events", ())),
        )

    def command(self, name: str) -> Command | None:
        """Find a slash command by its name with the slash."""
        return next((each for each in self.commands if each.command == name), None)

    def allows(self, scope: str) -> bool:
        """Say whether the app was given a scope."""
        return self.scopes is None or scope in self.scopes


def _command(entry: Mapping[str, Any]) -> Command:
    return Command(
        entry["command"],
        entry.get("description", ""),
        entry.get("usage_hint", ""),
        entry.get("should_escape", False),
    )
