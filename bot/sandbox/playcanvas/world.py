"""What one PlayCanvas account can see: projects, scenes, branches, checkpoints, published apps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.playcanvas.answers import Json, Refusal, stamp


@dataclass(slots=True)
class Scene:
    """A scene; replacing it under the same name gives it another id."""

    id: int
    name: str
    modified: datetime

    def to_json(self, project_id: int) -> Json:
        """Write an entry of `GET /projects/{id}/scenes`."""
        return {
            "id": self.id,
            "projectId": project_id,
            "name": self.name,
            "created": stamp(self.modified),
            "modified": stamp(self.modified),
        }


@dataclass(slots=True)
class Checkpoint:
    """A commit, with the name of the one who made it."""

    id: str
    description: str
    created_at: datetime
    author: str

    def to_json(self) -> Json:
        """Write an entry of `GET /branches/{id}/checkpoints`."""
        return {
            "id": self.id,
            "user": user(self.author),
            "createdAt": stamp(self.created_at),
            "description": self.description,
        }


@dataclass(slots=True)
class Branch:
    """A branch with its checkpoints, newest first; `scenes` None means those of the project."""

    id: str
    name: str
    created_at: datetime
    author: str = "Ann Orak"
    closed: bool = False
    checkpoints: list[Checkpoint] = field(default_factory=list)
    scenes: list[Scene] | None = None

    def to_json(self, project_id: int) -> Json:
        """Write an entry of `GET /projects/{id}/branches`."""
        return {
            "id": self.id,
            "projectId": project_id,
            "name": self.name,
            "createdAt": stamp(self.created_at),
            "closed": self.closed,
            "latestCheckpointId": self.checkpoints[0].id if self.checkpoints else None,
            "user": user(self.author),
        }


@dataclass(slots=True)
class App:
    """A published app."""

    id: int
    name: str
    version: str
    completed_at: datetime
    release_notes: str = ""
    size: int = 2_345_678
    views: int = 0

    def to_json(self) -> Json:
        """Write an app as all three routes of apps do."""
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "release_notes": self.release_notes,
            "size": self.size,
            "views": self.views,
            "completed_at": stamp(self.completed_at),
            "url": f"https://playcanv.as/b/{self.id}",
            "thumbnails": {"s": None, "m": None, "l": None, "xl": None},
        }


@dataclass(slots=True)
class Project:
    """A project; `closed_with` is what a 403 says to everything, `export_refusal` to exports."""

    id: int
    name: str
    scenes: list[Scene]
    branches: list[Branch]
    apps: list[App] = field(default_factory=list)
    owner_id: int = 77
    closed_with: str | None = None
    export_refusal: str | None = None

    @property
    def main(self) -> Branch:
        """Return the branch that is meant when none is named."""
        return self.branches[0]

    def branch(self, branch_id: str | None) -> Branch:
        """Return an open branch, or refuse with 404."""
        if branch_id is None:
            return self.main
        for branch in self.branches:
            if branch.id == branch_id and not branch.closed:
                return branch
        raise Refusal(404, "Branch not found")

    def scenes_of(self, branch: Branch) -> list[Scene]:
        """Return the scenes of a branch."""
        return self.scenes if branch.scenes is None else branch.scenes


@dataclass(slots=True)
class World:
    """Every project there is."""

    projects: list[Project]

    def project(self, project_id: int) -> Project:
        """Return a project, or refuse with 404 or 403."""
        for project in self.projects:
            if project.id == project_id:
                if project.closed_with is not None:
                    raise Refusal(403, project.closed_with)
                return project
        raise Refusal(404, "Project not found")

    def branch(self, branch_id: str) -> Branch:
        """Return a branch of any project, or refuse with 404."""
        for project in self._open():
            for branch in project.branches:
                if branch.id == branch_id:
                    return branch
        raise Refusal(404, "Branch not found")

    def app(self, app_id: int) -> App:
        """Return a published app, or refuse with 404."""
        for project in self._open():
            for app in project.apps:
                if app.id == app_id:
                    return app
        raise Refusal(404, "App not found")

    def _open(self) -> Iterator[Project]:
        return (project for project in self.projects if project.closed_with is None)


def user(name: str) -> Json:
    """Write a person as listings do."""
    return {"id": 77, "fullName": name, "username": name.split(maxsplit=1)[0].lower()}
