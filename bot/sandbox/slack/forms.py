"""Modals and Home tabs: who has which open, in what state."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.audience import Audience
from bot.sandbox.slack.blockkit import check_view
from bot.sandbox.slack.blockkit.ids import with_ids
from bot.sandbox.slack.ids import Stamps, new_id, short_id
from bot.sandbox.slack.refusals import Refused, bad_arguments
from bot.sandbox.slack.state import Values, filled_in
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace

MOST_VIEWS = 3
MOST_BYTES = 250_000


@dataclass(slots=True, eq=False)
class View:
    """One view of one person; `content` is what the app gave."""

    id: str
    user: str
    content: Json
    hash: str
    root: str
    previous: str | None = None
    state: Values = field(default_factory=dict)


class Forms:
    """Every open modal, each person's stack of them, and every Home tab."""

    def __init__(self, workspace: Workspace, audience: Audience, stamps: Stamps) -> None:
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._workspace = workspace
        self._audience = audience
        self._stamps = stamps

    def open(self, user: str, content: object) -> View:
        """Show a modal on top of nothing."""
        view = self._new(user, self._checked(content, "modal"))
        for old in self.stacks.pop(user, []):
            self.views.pop(old.id, None)
        self._show(view)
        return view

    def push(self, user: str, content: object) -> View:
        """Show a modal on top of the one that is open."""
        stack = self.stacks.get(user, [])
        if not stack:
            error = "not_found"
            raise Refused(error)
        if len(stack) >= MOST_VIEWS:
            error = "push_limit_reached"
            raise Refused(error)
        view = self._new(user, self._checked(content, "modal"))
        view.root, view.previous = stack[0].id, stack[-1].id
        self._show(view)
        return view

    def update(self, view: View, content: object) -> None:
        """Change a view; fields that stay keep what was typed."""
        checked = self._checked(content, view.content["type"], but=view)
        view.content, view.hash = checked, self._hash()
        view.state = filled_in(checked["blocks"], view.state, {})
        kind = "home" if checked["type"] == "home" else "view_updated"
        self._audience.tell([view.user], {"type": kind, "view": self.shown(view)})

    def publish(self, user: str, content: object) -> View:
        """Set a person's Home tab."""
        old = self.homes.get(user)
        if old is not None:
            self.update(old, content)
            return old
        view = self._new(user, self._checked(content, "home"))
        self.views[view.id] = self.homes[user] = view
        self._audience.tell([user], {"type": "home", "view": self.shown(view)})
        return view

    def close(self, view: View) -> None:
        """Take a modal away, with those above it; the one below shows again."""
        stack = self.stacks.get(view.user, [])
        while view in stack:
            gone = stack.pop()
            del self.views[gone.id]
            self._audience.tell([view.user], {"type": "view_closed", "view_id": gone.id})

    def clear(self, user: str) -> None:
        """Take away every modal of a person."""
        for view in self.stacks.get(user, [])[:1]:
            self.close(view)

    def named(self, external_id: str) -> View | None:
        """Find a view by the app's own name for it."""
        views = self.views.values()
        return next((v for v in views if v.content.get("external_id") == external_id), None)

    def shown(self, view: View) -> Json:
        """Return Slack's view object."""
        empty: Json = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
        }
        return (
            empty
            | view.content
            | {
                "id": view.id,
                "team_id": self._workspace.team_id,
                "app_id": self._workspace.app_id,
                "app_installed_team_id": self._workspace.team_id,
                "bot_id": self._workspace.bot_id,
                "hash": view.hash,
                "root_view_id": view.root,
                "previous_view_id": view.previous,
                "state": {"values": view.state},
            }
        )

    def _new(self, user: str, content: Json) -> View:
        view_id = new_id("V")
        state = filled_in(content["blocks"], {}, {})
        return View(view_id, user, content, self._hash(), view_id, state=state)

    def _hash(self) -> str:
        return f"{self._stamps.next()}.{short_id()}"

    def _show(self, view: View) -> None:
        self.views[view.id] = view
        self.stacks.setdefault(view.user, []).append(view)
        self._audience.tell([view.user], {"type": "view_opened", "view": self.shown(view)})

    def check(self, content: Any, kind: str, but: View | None = None) -> None:  # noqa: ANN401 - JSON
        """Refuse a view that breaks a rule, or takes the name of another."""
        problems = check_view(content, kind)
        if problems:
            raise bad_arguments(*problems)
        if len(json.dumps(content)) > MOST_BYTES:
            error = "view_too_large"
            raise Refused(error)
        external_id = content.get("external_id")
        named = self.named(external_id) if external_id else None
        if named not in (None, but):
            error = "duplicate_external_id"
            raise Refused(error)

    def _checked(self, content: Any, kind: str, but: View | None = None) -> Json:  # noqa: ANN401 - JSON
        self.check(content, kind, but)
        return {**content, "blocks": with_ids(content["blocks"])}
