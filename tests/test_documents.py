import re
import tomllib
from pathlib import Path

import click
import pytest

from bot.__main__ import cli
from bot.builds.job import BEGINNINGS, MOVES, TERMINAL
from bot.builds.request import KEYS
from bot.settings import Settings, rows
from bot.telemetry import Metrics
from tests import readme

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text()
CONTRIBUTING = (REPOSITORY / ".github" / "CONTRIBUTING.md").read_text()
PROCFILE = (REPOSITORY / "Procfile").read_text()
EXAMPLE = (REPOSITORY / ".env.example").read_text()
CI = (REPOSITORY / ".ci" / "run").read_text()

TOP = ["README.md", "Procfile", "pyproject.toml", ".env.example", ".gitignore"]
FOLDERS = ["bot", "migrations", "tests", ".github", ".ci"]
WRITTEN = {".py", ".js", ".css", ".html", ".md", ".toml", ".mako", ""}
COMMAND = re.compile(r"python -m bot ([a-z]+)((?: --[a-z]+)*)")
OWN_MODULE = re.compile(r"python -m (tests(?:\.\w+)+)")
MACHINE_PATH = re.compile(r"(?<![\w.$}*])/(?:work|root|home|farm|mnt|Users)/")


def section(title: str, level: str = "##") -> str:
    """Return the README's text from a heading to the next of its level."""
    text = re.split(rf"^{level} {title}\n", README, flags=re.MULTILINE)[1]
    return re.split(rf"^#{{2,{len(level)}}} ", text, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """Return what stands in code in the first column of a table."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def files() -> list[Path]:
    """List every file that people write; what is generated or drawn is not counted."""
    top = [REPOSITORY / name for name in TOP]
    below = [path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*")]
    written = [path for path in below if path.suffix in WRITTEN and path.is_file()]
    return [path for path in top + written if "__snapshots__" not in path.parts]


def test_settings_example_and_readme_agree() -> None:
    names = [name.upper() for name in Settings.model_fields]
    assert [name for name, _, _ in rows()] == names
    assert all(description for _, _, description in rows())
    assert re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE) == names
    assert first_cells(section("Settings")) == names
    # To renew both: python -m tests.readme
    assert readme.example() == EXAMPLE
    assert readme.part("settings", README) == readme.settings()


def test_the_example_is_read_as_the_defaults() -> None:
    needed = {"SLACK_BOT_TOKEN": "xoxb-1", "PLAYCANVAS_TOKEN": "token"}
    lines = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    assert Settings.load(given | needed) == Settings.load(needed)


def test_the_state_diagram_is_the_moves() -> None:
    diagram = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", README, re.DOTALL)
    assert diagram
    arrow = r"^    (\S+) --> (\w+|\[\*\])(?:: .+)?$"
    lines = diagram[1].splitlines()
    arrows = [re.fullmatch(arrow, line) for line in lines]
    assert [line for line, found in zip(lines, arrows, strict=True) if not found] == []
    drawn = [found.groups() for found in arrows if found]
    moves = [(before, after) for before, possible in MOVES.items() for after in possible]
    ends = [(state, "[*]") for state in TERMINAL]
    begins = [("[*]", state) for state in BEGINNINGS]
    assert sorted(drawn) == sorted([*begins, *moves, *ends])


@pytest.mark.parametrize("document", [README, CONTRIBUTING, PROCFILE, CI])
def test_commands_that_are_named_exist(document: str) -> None:
    for name, given in COMMAND.findall(document):
        command = cli.commands[name]
        options = {option for each in command.params for option in each.opts}
        assert set(given.split()) <= options
    for module in OWN_MODULE.findall(document):
        place = REPOSITORY / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def test_every_command_is_in_the_readme() -> None:
    assert {name for name, _ in COMMAND.findall(README)} == set(cli.commands)
    assert all(isinstance(command, click.Command) for command in cli.commands.values())


def test_every_key_is_in_the_readme() -> None:
    assert first_cells(section("The commands")) == [key.name for key in KEYS]


def test_every_metric_is_in_the_readme() -> None:
    metrics = Metrics()
    exposed = re.findall(r"^# TYPE (\w+) ", metrics.render().decode(), re.MULTILINE)
    named = [name for name in first_cells(section("Operate")) if name.startswith("bot_")]
    assert sorted(named) == sorted(name for name in exposed if not name.endswith("_created"))


def test_the_rooms_are_as_they_are() -> None:
    # To renew the list: python -m tests.readme
    assert readme.part("rooms", README) == readme.rooms()


def test_files_that_the_house_points_to_exist() -> None:
    named = re.findall(r"`([a-z]+/\w+\.py)`", section("The house"))
    assert named
    assert [name for name in named if not (REPOSITORY / "bot" / name).is_file()] == []


def test_the_walls_are_the_contracts() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    walls = " ".join(section("Walls", "###").split())
    assert [each["name"] for each in contracts if each["name"] not in walls] == []
    [layers] = [each["layers"] for each in contracts if each["type"] == "layers"]
    assert re.findall(r"`([\w. |]+)`", walls)[: len(layers)] == [
        each.replace("bot.", "") for each in layers
    ]


def test_ci_runs_what_the_readme_says() -> None:
    [command] = re.findall(r"```sh\n(.*)\n```", section("Test"))
    assert f"\n{command} ||" in CI


def test_what_documents_link_to_is_there() -> None:
    for document, folder in ((README, REPOSITORY), (CONTRIBUTING, REPOSITORY / ".github")):
        for target in re.findall(r"\]\(([^)#]+)\)", document):
            assert target.startswith("https://") or (folder / target).is_file()


def test_what_contributing_names_is_there() -> None:
    named = re.findall(r"`((?:bot|tests|migrations)/[\w/.]*)`", CONTRIBUTING)
    assert len(named) > 20
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


def test_no_file_is_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in files()}
    assert len(lengths) > 200
    assert {str(path): length for path, length in lengths.items() if length > 400} == {}


def test_no_file_knows_a_machine() -> None:
    found = {str(path): MACHINE_PATH.findall(path.read_text()) for path in files()}
    assert {path: paths for path, paths in found.items() if paths} == {}
