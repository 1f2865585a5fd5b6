"""views.*: modals opened, changed and pushed, and the Home tab."""

from typing import Any

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.forms import View
from bot.sandbox.slack.refusals import Refused, bad_arguments
from bot.sandbox.slack.wire import Json


def open_view(core: Core, arguments: Arguments) -> Json:
    """Open a modal: docs.slack.dev/reference/methods/views.open."""
    content = _content(arguments)
    # A view that is refused leaves its trigger as it was.
    core.forms.check(content, "modal")
    user, _ = core.triggers.exchange(*arguments.needed("trigger_id"))
    return _answer(core, core.forms.open(user, content))


def push(core: Core, arguments: Arguments) -> Json:
    """Put a modal on top of the one that is open: docs.slack.dev/reference/methods/views.push."""
    content = _content(arguments)
    # A view that is refused leaves its trigger as it was.
    core.forms.check(content, "modal")
    user, _ = core.triggers.exchange(*arguments.needed("trigger_id"))
    return _answer(core, core.forms.push(user, content))


def update(core: Core, arguments: Arguments) -> Json:
    """Change a view: docs.slack.dev/reference/methods/views.update."""
    content = _content(arguments)
    if "view_id" in arguments and "external_id" in arguments:
        problem = "Cannot provide both `view_id` and `external_id`"
        raise bad_arguments(problem)
    if "external_id" in arguments:
        view = core.forms.named(arguments.text("external_id"))
    else:
        [view_id] = arguments.needed("view_id")
        view = core.forms.views.get(view_id)
    if view is None:
        error = "not_found"
        raise Refused(error)
    _check_hash(view, arguments)
    core.forms.update(view, content)
    return _answer(core, view)


def publish(core: Core, arguments: Arguments) -> Json:
    """Set someone's Home tab: docs.slack.dev/reference/methods/views.publish."""
    content = _content(arguments)
    [user] = arguments.needed("user_id")
    if user not in core.workspace.users:
        error = "invalid_arguments"
        raise Refused(error)
    old = core.forms.homes.get(user)
    if old is not None:
        _check_hash(old, arguments)
    return _answer(core, core.forms.publish(user, content))


def _content(arguments: Arguments) -> Any:  # noqa: ANN401 - JSON
    content = arguments.structure("view", "invalid_arguments", dict)
    if content is None:
        problem = "missing required field: view"
        raise bad_arguments(problem)
    return content


def _check_hash(view: View, arguments: Arguments) -> None:
    """Refuse a change that was made from an older state of the view."""
    if "hash" in arguments and arguments.text("hash") != view.hash:
        error = "hash_conflict"
        raise Refused(error)


def _answer(core: Core, view: View) -> Json:
    return {"view": core.forms.shown(view)}
