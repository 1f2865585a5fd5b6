"""The app manifest: what Slack has to know of this bot.

https://docs.slack.dev/reference/app-manifest
"""

from typing import Any

BOT_NAME = "Build Bot"
COMMANDS = (
    {
        "command": "/build",
        "description": "Build a PlayCanvas app and get the download link",
        "usage_hint": '543988 "Level 3" [key=value …] | help',
    },
    {
        "command": "/builds",
        "description": "See builds and steer them: list, show, retry, stop, schedule",
        "usage_hint": "[project] [mine] [failed] [20] | show 142 | latest fruit | retry 142 | help",
    },
    {
        "command": "/download",
        "description": "Get an install link of your own from Applivery, or offer them to all",
        "usage_hint": "fruit-ios [build id|latest] [type=…] | post fruit-ios | add … | help",
    },
    {
        "command": "/projects",
        "description": "Give PlayCanvas projects short names, look into them, archive them",
        "usage_hint": "add fruit 543988 | scenes fruit | branches fruit | archive fruit | help",
    },
)
REBUILD = {
    "name": "Rebuild",
    "type": "message",
    "callback_id": "rebuild_message",
    "description": "Build again what this card shows",
}
SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "app_mentions:read",
    "users:read",
    "usergroups:read",
)
EVENTS = ("app_mention", "app_home_opened")


def manifest(url: str | None) -> dict[str, Any]:
    """Describe the app for HTTP delivery at `url`, or for Socket Mode when there is none."""
    events_url = f"{url.rstrip('/')}/slack/events" if url else None
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": BOT_NAME,
            "description": "Builds PlayCanvas apps: one command, one card, one reply.",
            "background_color": "#20292b",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                # The bot writes there where nothing else reaches someone; it reads nothing.
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": BOT_NAME, "always_online": True},
            "slash_commands": [_command(command, events_url) for command in COMMANDS],
            "shortcuts": [REBUILD],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {
                **_urls("request_url", events_url),
                "bot_events": list(EVENTS),
            },
            "interactivity": {
                "is_enabled": True,
                **_urls("request_url", events_url),
                **_urls("message_menu_options_url", events_url),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": events_url is None,
            "token_rotation_enabled": False,
        },
    }


def _command(command: dict[str, str], url: str | None) -> dict[str, Any]:
    return {**command, "should_escape": True, **_urls("url", url)}


def _urls(key: str, url: str | None) -> dict[str, str]:
    return {key: url} if url else {}
