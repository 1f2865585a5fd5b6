"""Visiting: opening the app's Home tab."""

from bot.sandbox.slack import payloads
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import User


def open_home(core: Core, user: User) -> None:
    """Open the Home tab: what was published before is shown at once, and the app is told."""
    view = core.forms.homes.get(user.id)
    if view is not None:
        event = {"type": "home", "view": core.forms.shown(view)}
        core.audience.tell([user.id], event)
    if "app_home_opened" not in core.installation.events:
        return
    inner: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": core.direct(user.id).id,
        "tab": "home",
        "event_ts": core.stamps.next(),
    }
    if view is not None:
        inner["view"] = core.forms.shown(view)
    core.courier.publish(payloads.event(core, inner))
