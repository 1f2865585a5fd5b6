import os
import stat
from pathlib import Path
from zipfile import ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.download import Hostile, Limits, NotWhole, unzip
from bot.download.entries import judged
from tests.download.zips import link, of_kind, packed, patched


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


def refused(archive: Path, limits: Limits | None = None) -> str:
    """Unpack what must not be, and see that nothing is left of it."""
    folder = archive.parent / "out"
    with pytest.raises(Hostile) as error:
        unzip(archive, folder, limits)
    assert sorted(each.name for each in archive.parent.iterdir()) == [archive.name]
    return error.value.sentence


def test_files_and_folders_come_out_as_they_are(place: Path) -> None:
    entries = [("index.html", b"hello"), ("./a//b/c.txt", b"x" * 300_000), ("empty/", b"")]
    old_umask = os.umask(0o022)
    try:
        seen: list[tuple[int, int | None]] = []
        written = unzip(
            packed(place, entries), place.parent / "out", told=lambda *n: seen.append(n)
        )
    finally:
        os.umask(old_umask)
    out = place.parent / "out"
    assert (out / "index.html").read_bytes() == b"hello"
    assert (out / "a/b/c.txt").read_bytes() == b"x" * 300_000
    assert (out / "empty").is_dir()
    assert written == 300_005
    assert seen[-1] == (300_005, 300_005)
    assert stat.S_IMODE((out / "index.html").stat().st_mode) == 0o644
    assert stat.S_IMODE((out / "a").stat().st_mode) == 0o755


def test_an_entry_is_written_without_its_rights(place: Path) -> None:
    unzip(packed(place, [(of_kind("run", stat.S_IFREG | stat.S_ISUID), b"")]), place.parent / "out")
    assert not (place.parent / "out/run").stat().st_mode & (stat.S_ISUID | stat.S_IXUSR)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../out2/a",
        "a/../../b",
        "a/..",
        "C:/a",
        "c:a",
        "..\\a",
        "a\\b",
        "/",
        ".",
        "a\nb",
    ],
)
def test_paths_that_lead_elsewhere(place: Path, name: str) -> None:
    assert refused(packed(place, [("fine.txt", b""), (name, b"")])).startswith("The zip is refused")


def test_a_name_that_hides_its_end(place: Path) -> None:
    packed(place, [("a.txtXb", b"")])
    place.write_bytes(place.read_bytes().replace(b"a.txtXb", b"a.txt\0b"))
    assert "characters" in refused(place)


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
)
def test_what_is_neither_file_nor_folder(place: Path, kind: int) -> None:
    said = refused(packed(place, [("fine.txt", b""), (of_kind("x", kind), b"/etc/passwd")]))
    assert ("link" if kind == stat.S_IFLNK else "neither") in said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.txt", "A.TXT"),
        ("a.txt", "./a.txt"),
        ("é.txt", "e\u0301.txt"),
        ("straße", "STRASSE"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("dir/a", "Dir/b"),
        ("dir/", "DIR/"),
        ("dir/", "dir/"),
    ],
)
def test_one_path_twice(place: Path, one: str, other: str) -> None:
    if one == other:
        packed(place, [(one, b""), ("rid/", b"")])
        place.write_bytes(place.read_bytes().replace(b"rid/", b"dir/"))
    else:
        packed(place, [(one, b""), (other, b"")])
    assert "twice" in refused(place)


def test_a_folder_may_be_listed_after_what_is_in_it(place: Path) -> None:
    assert unzip(packed(place, [("a/b", b"1"), ("a/", b"")]), place.parent / "out") == 1


@pytest.mark.parametrize(
    ("at", "value", "said"), [(8, b"\1\0", "encrypted"), (10, b"\x0e", "packed")]
)
def test_what_cannot_be_read_plainly(place: Path, at: int, value: bytes, said: str) -> None:
    assert said in refused(patched(packed(place, [("a", b"1")]), at, value))


def test_more_than_is_allowed(place: Path) -> None:
    packed(place, [("a", os.urandom(3_000))])
    assert "more than 2,999 bytes" in refused(place, Limits(2_999))
    assert unzip(place, place.parent / "out", Limits(3_000)) == 3_000


def test_only_bombs_are_as_small(place: Path) -> None:
    assert "bombs" in refused(packed(place, [("zeros", bytes(3 * 2**20))]))
    # Little stays little, however well it packs.
    assert unzip(packed(place, [("zeros", bytes(2**20))]), place.parent / "out") == 2**20


def test_more_entries_than_anyone_has(place: Path) -> None:
    packed(place, [(str(n), b"") for n in range(4)])
    # Whatever the end of the directory claims to hold.
    content = place.read_bytes()
    place.write_bytes(content[:-14] + b"\1\0\1\0" + content[-10:])
    assert "more than 3 entries" in refused(place, Limits(entries=3))


@pytest.mark.parametrize("content", [b"", b"<html>not here</html>", b"PK\5\6" + bytes(17)])
def test_what_is_no_zip(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    with pytest.raises(NotWhole):
        unzip(place, place.parent / "out")
    assert not (place.parent / "out").exists()


def test_a_zip_with_a_flipped_bit_leaves_nothing(place: Path) -> None:
    packed(place, [("a.txt", b""), ("b.bin", os.urandom(5_000))])
    content = bytearray(place.read_bytes())
    content[2_000] ^= 1
    place.write_bytes(content)
    with pytest.raises(NotWhole):
        unzip(place, place.parent / "out")
    assert not (place.parent / "out").exists()


def test_who_stops_leaves_nothing(place: Path) -> None:
    def stop(_: int, __: int | None) -> None:
        raise KeyboardInterrupt

    packed(place, [("a.txt", b"1")])
    with pytest.raises(KeyboardInterrupt):
        unzip(place, place.parent / "out", told=stop)
    assert not (place.parent / "out").exists()


_NAMES = st.text(st.sampled_from("aA/.\\:é\u0301ßs\0"), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(_NAMES, max_size=6))
def test_whatever_passes_stays_below_and_apart(names: list[str]) -> None:
    try:
        entries = judged([ZipInfo(name) for name in names], 10, 10)
    except Hostile:
        return
    paths = [os.path.normpath(os.path.join("/top", *entry.parts)) for entry in entries]  # noqa: PTH118 - as the system reads them
    assert all(path.startswith("/top/") for path in paths)
    assert len({path.casefold() for path in paths}) == len(paths)


def test_links_are_named_in_the_refusal(place: Path) -> None:
    assert refused(packed(place, [(link("way/out"), b"..")])) == (
        "The zip is refused: “way/out” is a link."
    )
