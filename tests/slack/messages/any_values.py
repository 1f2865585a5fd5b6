"""Values of any type that a message shows, with any text in them that could get that far."""

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import quote

from bot.builds import menu
from bot.builds.apps import NamedApp
from bot.builds.build_facts import BuildFacts
from bot.builds.errand import AddProject, ChangeProject, ListScenes
from bot.builds.history import Listing
from bot.builds.job import Job, Resolved
from bot.builds.link_request import LinkRequest
from bot.builds.projects import Project
from bot.builds.request import BuildRequest
from bot.builds.rights import Refusal
from bot.builds.timetable import Timetable
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, QUEUED, RUNNING

_SHAPES = (QUEUED, RUNNING, *ENDINGS.values())
_PEOPLE = ("U0MINA00001", "W0LEO000001")
_CHANNELS = ("C0BUILDS001", "D0DIRECT001")
_PROJECTS = ("7", "543988", "9007199254740992")
_URLS = {"url", "ipa", "page"}
_NAMED = (Project, NamedApp, AddProject, ChangeProject)
_ERRANDS = (AddProject, ChangeProject, ListScenes, Project)
_PLAIN: Mapping[Any, Callable[[Random], Any]] = {
    int: lambda any_: any_.choice((1, 2, 142, 10**9)),
    bool: lambda any_: any_.random() < 0.5,
    types.NoneType: lambda _: None,
    datetime: lambda any_: NOON + timedelta(seconds=any_.randint(-(10**6), 10**6)),
    timedelta: lambda any_: timedelta(seconds=any_.randint(0, 10**6)),
}
# What Slack itself, or a check at the door, has given, whatever its type says.
_BY_NAME: Mapping[str, Callable[[Random], Any]] = {
    **dict.fromkeys(("user_id", "by", "bot_id", "paused_by"), lambda any_: any_.choice(_PEOPLE)),
    "alias": lambda any_: any_.choice((None, "fruit")),
    **dict.fromkeys(("watchers", "admins"), lambda any_: _PEOPLE[: any_.randint(0, 2)]),
    "channel_id": lambda any_: any_.choice(_CHANNELS),
    "project": lambda any_: any_.choice(_PROJECTS),
    "private_metadata": lambda _: "{}",
}


_SHORT: Callable[[str], str] = lambda text: "".join(filter(str.isalnum, text))[:20] or "fruit"  # noqa: E731 - one of three alike
# The same of one class alone: short names, ids of apps and projects, what a menu has cut.
_BY_OWNER: Mapping[tuple[type, str], Callable[[str], str]] = {
    **dict.fromkeys([(each, "name") for each in _NAMED], _SHORT),
    **dict.fromkeys([(each, "branch") for each in _ERRANDS], lambda text: text[:100]),
    **dict.fromkeys([(each, "engine") for each in _NAMED], lambda _: "2.20.6"),
    (Project, "id"): lambda _: "543988",
    (NamedApp, "id"): lambda _: 24 * "a",
    (LinkRequest, "app"): lambda _: 24 * "a",
    (LinkRequest, "build"): lambda _: 24 * "b",
    (menu.Offer, "value"): lambda text: text[:100] or "7",
    (menu.Offer, "text"): lambda text: text[:75] or "7",
    (BuildFacts, "app"): lambda _: 24 * "a",
    (BuildFacts, "build"): lambda _: 24 * "b",
    (BuildFacts, "platform"): lambda text: "ios" if len(text) % 2 else "android",
    (Listing, "state"): lambda _: "failed",
    (Timetable, "cron"): lambda _: "0 8 * * 1-5",
    (Timetable, "zone"): lambda _: "Australia/Lord_Howe",
    (Refusal, "named"): lambda _: "S0DEVS",
}


class AnyValues:
    """Makes values of a type; a seed decides their shapes, and `texts` are what is in them."""

    def __init__(self, seed: int, texts: Sequence[str]) -> None:
        self._any = Random(seed)  # noqa: S311 - the same again for the same seed
        self._texts = texts

    def of(self, hint: Any, name: str = "") -> Any:  # noqa: ANN401 - any type at all
        """Make a value as an argument or a field of this name may have it."""
        inside = get_args(hint)
        if get_origin(hint) in (Union, types.UnionType):
            return self.of(self._any.choice(inside), name)
        if name in _BY_NAME and hint in (str, tuple[str, ...]):
            return _BY_NAME[name](self._any)
        if hint is str:
            return self._text(name)
        if hint in _PLAIN:
            return _PLAIN[hint](self._any)
        return self._job() if hint is Job else self._made(hint)

    def _text(self, name: str) -> str:
        text = self._any.choice(self._texts)
        # As PlayCanvas's and Applivery's are taken in.
        return f"https://files.example/{quote(text)[:900]}" if name in _URLS else text

    def _field(self, owner: type, name: str, hint: Any) -> Any:  # noqa: ANN401 - the same
        made = self.of(hint, name)
        as_checked = _BY_OWNER.get((owner, name))
        if as_checked is None or made is None:
            return made
        return as_checked(made) if isinstance(made, str) else tuple(map(as_checked, made))

    def _job(self) -> Job:
        """Make a job in any state, with any text that people or servers put into one."""
        job = self._any.choice(_SHAPES)
        request: BuildRequest = self.of(BuildRequest)
        scenes = tuple(self._texts[: self._any.randint(1, 3)])
        given: dict[str, Any] = {"request": dataclasses.replace(request, scenes=scenes)}
        if job.resolved is not None:
            resolved: Resolved = self.of(Resolved)
            found = resolved.scenes or job.resolved.scenes
            given["resolved"] = dataclasses.replace(resolved, scenes=found)
        if job.outcome is not None:
            given["outcome"] = self.of(type(job.outcome))
        trouble = self._any.choice((None, *self._texts))
        return dataclasses.replace(job, trouble=trouble, **given)

    def _made(self, hint: Any) -> Any:  # noqa: ANN401 - the same
        origin, inside = get_origin(hint), get_args(hint)
        if origin is Literal:
            return self._any.choice(inside)
        if origin in (tuple, Sequence, frozenset, list):
            several = [self.of(inside[0]) for _ in range(self._any.choice((0, 1, 4)))]
            return (
                several
                if origin is list
                else (frozenset if origin is frozenset else tuple)(several)
            )
        if origin is Mapping:
            return {"notes": self.of(inside[1])}
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self._any.choice(list(hint))
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            hints = get_type_hints(hint)
            names = [each.name for each in dataclasses.fields(hint)]
            return hint(**{name: self._field(hint, name, hints[name]) for name in names})
        raise TypeError(hint)
