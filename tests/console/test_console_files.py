import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.builds.job import CONSOLE, Item, Job, JobKind, JobState, Resolved
from bot.builds.request import BuildRequest
from bot.console.files import file_name
from bot.download import Unwritable, folder, replace_folder, unfit
from tests.clock import Clock

NOW = Clock()()
JOB = Job(
    142,
    JobKind.BUILD,
    JobState.READY,
    BuildRequest("543988", ("level 3",), alias="Früchte!"),
    CONSOLE,
    NOW,
    NOW,
    resolved=Resolved((Item("7", "Level 3: ../../etc/passwd\0"),)),
    remote_id=4_100_001,
)


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (JOB, "früchte-level-3-etc-passwd-4100001.zip"),
        (replace(JOB, resolved=None, remote_id=None), "früchte-level-3-142.zip"),
        (replace(JOB, request=BuildRequest("1", ("x",)), resolved=Resolved((Item("1", "🍎"),))),
         "1-untitled-4100001.zip"),
        (replace(JOB, kind=JobKind.ARCHIVE, request=BuildRequest("1", ()), resolved=None),
         "1-main-4100001.zip"),
    ],
)  # fmt: skip
def test_a_file_is_named_after_what_was_asked_for(job: Job, name: str) -> None:
    assert file_name(job) == name


def test_no_name_is_too_long_for_a_disk() -> None:
    long = replace(JOB, request=replace(JOB.request, alias="語" * 99), resolved=None)
    assert len(file_name(long).encode()) < 200


def test_some_folders_are_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here/below").mkdir(parents=True)
    (tmp_path / "code/.git").mkdir(parents=True)
    (tmp_path / "home/me").mkdir(parents=True)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here/below")
    monkeypatch.setenv("HOME", str(tmp_path / "home/me"))
    for name in (".", "..", "../..", "/", "../../code", "../../file", "../../link", "~"):
        assert unfit(Path(name).expanduser()), name
    assert unfit(tmp_path / "home")
    assert unfit(tmp_path / "here/below/dist") is None
    assert unfit(tmp_path / "elsewhere/dist") is None


@pytest.fixture(params=["at one stroke", "one after the other"])
def swapped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either way of putting one folder in the place of another."""
    if request.param != "at one stroke":
        monkeypatch.setattr(folder, "_EXCHANGE", 2**31)  # no system knows such a flag


@pytest.mark.usefixtures("swapped")
def test_the_old_folder_stands_when_the_new_one_cannot(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/old").touch()
    with pytest.raises(Unwritable):
        replace_folder(tmp_path / "nothing", tmp_path / "dist")
    assert [each.name for each in tmp_path.rglob("*")] == ["dist", "old"]


@pytest.mark.usefixtures("swapped")
def test_a_folder_behind_a_link_is_replaced_there(tmp_path: Path) -> None:
    for name in ("real", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    (tmp_path / "dist").symlink_to("real")
    replace_folder(tmp_path / "new", tmp_path / "dist")
    assert (tmp_path / "dist").is_symlink()
    assert os.listdir(tmp_path / "real") == ["new"]  # noqa: PTH208 - names
    assert sorted(os.listdir(tmp_path)) == ["dist", "real"]  # noqa: PTH208 - names


def test_nobody_sees_a_time_without_the_folder(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "new").mkdir()
    before = (tmp_path / "new").stat().st_ino
    if not folder._exchanged(tmp_path / "new", tmp_path / "dist"):
        pytest.skip("this disk cannot swap two folders")
    assert (tmp_path / "dist").stat().st_ino == before
    assert (tmp_path / "new").is_dir()
