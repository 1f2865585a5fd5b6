"""What an export may be asked for: both generations of names, held to the API's own limits."""

import re
from dataclasses import dataclass

from bot.sandbox.playcanvas.answers import Json, Refusal
from bot.sandbox.playcanvas.world import Branch, Project, Scene, World

# Older name -> the name of today.
RENAMED = {"source_pack_ids": "scenes", "script_concatenate": "scripts_concatenate"}
# Name of the request -> name in the answer, with what counts when it is left out.
FLAGS = {
    "scripts_concatenate": ("concatenate", False),
    "scripts_minify": ("minify", True),
    "scripts_sourcemaps": ("sourcemaps", False),
    "optimize_scene_format": ("optimize_scene_format", False),
    "preload_bundle": ("preload_bundle", False),
}
# The most characters of each text; the page names no limit for the last two.
TEXTS = {
    "name": 999,
    "description": 9_999,
    "version": 20,
    "release_notes": 10_000,
    "branch_id": 100,
    "engine_version": 100,
}
CHOICES = {"format": ("static", "npm"), "target": ("web", "ios")}
ENGINE = re.compile(r"[12]\.[0-9]{1,3}\.[0-9]{1,3}(-[a-z0-9.]+)?")


@dataclass(slots=True)
class Order:
    """An accepted order: what is exported, and how the job's `data` tells it."""

    project: Project
    branch: Branch
    scenes: list[Scene]
    name: str
    echo: Json

    @property
    def archive(self) -> bool:
        """Say whether it is a project archive."""
        return not self.scenes


def app_export(asked: object, world: World, default_engine: str | None) -> Order:
    """Check the body of `POST /apps/download`; without a default, the engine must be named."""
    if not isinstance(asked, dict):
        raise Refusal(400, "Invalid request body")
    given = _todays(asked)
    project = world.project(_whole(given, "project_id"))
    if project.export_refusal is not None:
        raise Refusal(403, project.export_refusal)
    _check(given)
    branch = project.branch(given.get("branch_id"))
    scenes = _scenes(given, project, branch)
    engine = given.get("engine_version", default_engine)
    if engine is None:
        raise Refusal(400, "engine_version is required")
    echo = {
        "owner_id": project.owner_id,
        "project_id": project.id,
        "branch_id": branch.id,
        "scenes": [scene.id for scene in scenes],
        "name": given["name"],
        "format": given.get("format", "static"),
        "target": given.get("target", "web"),
        "engineVersion": engine,
    }
    echo |= {told: given.get(name, usual) for name, (told, usual) in FLAGS.items()}
    echo |= {
        name: given[name] for name in ("version", "description", "release_notes") if name in given
    }
    return Order(project, branch, scenes, given["name"], echo)


def archive(asked: object, project: Project) -> Order:
    """Check the body of `POST /projects/{id}/export`."""
    if not isinstance(asked, dict):
        raise Refusal(400, "Invalid request body")
    if project.export_refusal is not None:
        raise Refusal(403, project.export_refusal)
    branch_id = asked.get("branch_id")
    if branch_id is not None and not isinstance(branch_id, str):
        raise Refusal(400, "branch_id must be a string")
    branch = project.branch(branch_id)
    echo = {"owner_id": project.owner_id, "project_id": project.id, "branch_id": branch.id}
    return Order(project, branch, [], project.name, echo)


def _todays(asked: Json) -> Json:
    """Rename what older scripts send; null counts as left out."""
    return {RENAMED.get(name, name): value for name, value in asked.items() if value is not None}


def _check(given: Json) -> None:
    if not given.get("name"):
        raise Refusal(400, "name is required")
    for name, most in TEXTS.items():
        value = given.get(name, "")
        if not isinstance(value, str):
            raise Refusal(400, f"{name} must be a string")
        if len(value) > most:
            raise Refusal(400, f"{name} is longer than {most} characters")
    _check_options(given)


def _check_options(given: Json) -> None:
    for name in FLAGS:
        if not isinstance(given.get(name, False), bool):
            raise Refusal(400, f"{name} must be a boolean")
    for name, choices in CHOICES.items():
        if given.get(name, choices[0]) not in choices:
            raise Refusal(400, f"{name} must be one of {', '.join(choices)}")
    if "engine_version" in given and not ENGINE.fullmatch(given["engine_version"]):
        raise Refusal(400, "engine_version is not a known version")
    minify = given.get("scripts_minify", True)
    if given.get("scripts_sourcemaps") and not (given.get("scripts_concatenate") and minify):
        raise Refusal(400, "scripts_sourcemaps needs scripts_concatenate and scripts_minify")


def _scenes(given: Json, project: Project, branch: Branch) -> list[Scene]:
    wanted = given.get("scenes")
    if not isinstance(wanted, list) or not wanted:
        raise Refusal(400, "scenes must be a list with at least one scene id")
    known = {scene.id: scene for scene in project.scenes_of(branch)}
    for scene_id in wanted:
        if not isinstance(scene_id, int) or isinstance(scene_id, bool):
            raise Refusal(400, "scenes must be a list of integers")
        if scene_id not in known:
            raise Refusal(404, "Scene not found")
    return [known[scene_id] for scene_id in wanted]


def _whole(given: Json, name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal(400, f"{name} must be an integer")
    return value
