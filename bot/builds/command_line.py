"""The line that asks for a request: what can be pasted after a correction."""

from dataclasses import fields

from bot.builds.request import BuildRequest
from bot.builds.words import quote


def command_line(request: BuildRequest) -> str:
    """Write a request as the `/build` or `/projects archive` that is read as the same request."""
    verb = "/build" if request.scenes else "/projects archive"
    words = [verb, _name(request.alias or request.project), *map(_name, request.scenes)]
    if request.branches is not None:
        words.append("branch=all")
    elif request.branch is not None:
        words.append(f"branch={_name(request.branch)}")
    for option in fields(request.options):
        value = getattr(request.options, option.name)
        if value is not None:
            words.append(f"{option.name}={_written(value)}")
    return " ".join(words)


def _name(text: str) -> str:
    # Spaces of other kinds cannot be typed; names are found without them.
    return quote(" ".join(text.split()))


def _written(value: str | bool) -> str:  # noqa: FBT001 - a value of either kind, not a flag
    if isinstance(value, bool):
        return "yes" if value else "no"
    return quote(value)
