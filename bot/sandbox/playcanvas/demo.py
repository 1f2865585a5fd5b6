"""The account of the demo: a game to build, a project of odd names, two that refuse."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.sandbox.playcanvas.world import App, Branch, Checkpoint, Project, Scene, World

TOKEN = "sandbox-playcanvas-token-4f1c9e"  # noqa: S105 – made up, and good for the sandbox alone
FRUIT_RUSH, ODD_NAMES, FREE_PLAN, FOREIGN = 543988, 620001, 700002, 700003
LONG_AGO = datetime(2024, 5, 6, 7, 8, 9, 101112, tzinfo=UTC)

FRUIT_SCENES = (
    "Main Menu",
    "Level 1",
    "Level 2",
    "Level 3",
    "Broken Shaders",
    "Missing Module",
    "Silent Failure",
    "Endless",
    "Instant",
    "No Link",
    "Other Engine",
)
ODD_SCENES = (
    "Arena",
    "arena",
    'The "Big" One',
    "It’s over",
    "Crème Brûlée 🍮",
    "<!channel> *bold* _it_ & `co` | more",
    "  two  spaces  ",
    "42",
    "Boss " + "very " * 40 + "long",
)
WORK = (
    "Pears fall faster",
    "Fix the score after a pause",
    "",
    "Merge “jump” <into> main",
    "New plum model\n\nHalf the triangles, twice the plum.",
    "Menu music",
)
PEOPLE = ("Ann Orak", "Béla Ito", "Chidi <c@example.com>")


def demo_world() -> World:
    """Build the account anew, the same each time."""
    return World([_fruit_rush(), _odd_names(), _refusing()[0], _refusing()[1]])


def _fruit_rush() -> Project:
    branches = [
        _branch(FRUIT_RUSH, n, name)
        for n, name in enumerate(("main", "dev", "feature/jump", "corrupt", "old"))
    ]
    branches[-1].closed = True
    branches[0].checkpoints = _checkpoints(FRUIT_RUSH, 64)
    branches[1].checkpoints = _checkpoints(FRUIT_RUSH + 1, 7)
    apps = [App(9_100 + n, "Fruit Rush", f"1.{n}", LONG_AGO + timedelta(days=n)) for n in range(23)]
    return Project(FRUIT_RUSH, "Fruit Rush", _scenes(470_001, FRUIT_SCENES), branches, apps)


def _odd_names() -> Project:
    names = ["main", *(f"topic/{n:02}" for n in range(44))]
    branches = [_branch(ODD_NAMES, n, name) for n, name in enumerate(names)]
    return Project(ODD_NAMES, "Odd “Names” & <Co>", _scenes(480_001, ODD_SCENES), branches)


def _refusing() -> tuple[Project, Project]:
    free, foreign = (
        Project(id_, name, _scenes(first, ("Main",)), [_branch(id_, 0, "main")])
        for id_, name, first in (
            (FREE_PLAN, "Free Plan", 490_001),
            (FOREIGN, "Someone Else’s", 495_001),
        )
    )
    free.export_refusal = "Invalid plan"
    foreign.closed_with = "Forbidden"
    return free, foreign


def _scenes(first: int, names: tuple[str, ...]) -> list[Scene]:
    return [Scene(first + n, name, LONG_AGO + timedelta(hours=n)) for n, name in enumerate(names)]


def _branch(project_id: int, n: int, name: str) -> Branch:
    return Branch(_uuid(project_id, 1, n), name, LONG_AGO + timedelta(days=n))


def _checkpoints(seed: int, many: int) -> list[Checkpoint]:
    """Write a history, newest first."""
    return [checkpoint(seed, n, LONG_AGO + timedelta(days=many - n)) for n in range(many)]


def checkpoint(seed: int, n: int, at: datetime) -> Checkpoint:
    """Write one piece of someone's work; the same seed and number make the same one."""
    return Checkpoint(_uuid(seed, 2, n), WORK[n % len(WORK)], at, PEOPLE[n % len(PEOPLE)])


def _uuid(*parts: int) -> str:
    project, kind, n = parts
    return str(UUID(int=(project << 64) + (kind << 32) + n, version=4))
