"""The form: what is filled in field by field becomes a request, or a sentence for each field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from bot.builds.escapes import plain
from bot.builds.keys import KEYS, Key, line
from bot.builds.options import BuildOptions, settle
from bot.builds.projects import Known, Project, project_of
from bot.builds.request import BuildRequest, requested, scenes_of
from bot.builds.usage import MisuseError

PROJECT: Final = "project"
SCENES: Final = "scenes"
BOXES: Final = "options"
BOX_NAMES: Final = ("minify", "concatenate", "sourcemaps", "optimize", "preload")
TEXT_NAMES: Final = ("branch", "name", "version", "description", "notes", "engine", "format")
BY_ITSELF: Final = frozenset({"minify"})
"""The boxes that are ticked at first: what PlayCanvas does when it is not told."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands in the form when it is sent: texts by the names of their keys."""

    project: str = ""
    scenes: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = BY_ITSELF


@dataclass(frozen=True, slots=True)
class FormErrors:
    """What is wrong, in whole sentences by field."""

    sentences: Mapping[str, str]


def read(answers: Answers, known: Known) -> BuildRequest | FormErrors:
    """Read a form by the rules of the command, every field of it."""
    wrong: dict[str, str] = {}

    def held(at: str, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except MisuseError as misuse:
            wrong[at] = misuse.error.problem
            return None

    project = held(PROJECT, partial(_project, answers.project, known))
    scenes = held(SCENES, partial(_scenes, answers))
    given = {key.name: held(key.name, partial(_value, key, text)) for key, text in _said(answers)}
    branch = given.pop("branch", None)
    options = None if wrong else held(BOXES, partial(settle, given))
    if project is None or scenes is None or options is None:
        return FormErrors(wrong)
    return requested(project, scenes, str(branch) if branch else None, options)


def ticked_by(options: BuildOptions) -> frozenset[str]:
    """Say which boxes show what a build was given."""
    ticked = {name for name in BOX_NAMES if getattr(options, name)}
    # An npm build has no scripts to minify; that says nothing of the next one.
    by_itself = options.minify is not False or options.format == "npm"
    return frozenset(ticked | (BY_ITSELF if by_itself else set()))


def texts_of(request: BuildRequest) -> dict[str, str]:
    """Write the options of a request as the form's texts; those left out are left out."""
    options: dict[str, Any] = {name: getattr(request.options, name) for name in TEXT_NAMES[1:]}
    given = {"branch": request.branch} | options
    return {name: text for name, text in given.items() if text}


def _project(typed: str, known: Known) -> Project:
    wanted = plain(typed).strip()
    if not wanted:
        problem = "Which project? Give its id or its short name."
        raise MisuseError(problem)
    return project_of(wanted, known, [wanted])


def _scenes(answers: Answers) -> tuple[str, ...]:
    names = [line("name of a scene", plain(name)) for name in answers.scenes if name.strip()]
    return scenes_of(answers.project, names)


def _value(key: Key, text: str) -> str | bool:
    return key.read(key.name, plain(text))


def _said(answers: Answers) -> list[tuple[Key, str]]:
    """Pair the keys with what was said of them; what is empty says nothing."""
    texts = {name: text.strip() for name, text in answers.texts.items()}
    texts |= _boxes(answers.ticked, npm=texts.get("format") == "npm")
    return [(key, texts[key.name]) for key in KEYS if texts.get(key.name)]


def _boxes(ticked: frozenset[str], *, npm: bool) -> dict[str, str]:
    """Say yes to what is ticked; boxes as PlayCanvas has them by itself say nothing."""
    if ticked == BY_ITSELF:
        return {}
    said: dict[str, str] = {name: "yes" for name in BOX_NAMES if name in ticked}
    if npm:
        said.pop("minify", None)
        return said
    return {"minify": "no"} | said
