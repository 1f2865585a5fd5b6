import os
import sys
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.download import LinkRefused, NotWhole, fetch, save
from tests.download.links import SECRET, Link
from tests.download.zips import packed

MIB = 2**20


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shrink the pauses: what is shown here does not depend on how long they are."""
    # The package has the function under the module's name.
    module = sys.modules["bot.download.fetch"]
    monkeypatch.setattr(module, "_PAUSE", 0.01)
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.02)


async def fetched(
    link: Link, place: Path, patience: timedelta = timedelta(seconds=0.2)
) -> tuple[bytes, list[int]]:
    seen: list[int] = []
    async with link.open(), aiohttp.ClientSession() as session:
        with place.open("xb") as file:
            size = await fetch(session, link.url, file, lambda n, _: seen.append(n), patience)
    content = _read(place)
    assert size == len(content)
    return content, seen


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def _read(place: Path) -> bytes:
    return place.read_bytes()


async def test_a_connection_that_breaks_ten_times_is_gone_on_with(tmp_path: Path) -> None:
    link = Link(os.urandom(6 * MIB), cuts=[MIB // 2] * 10)
    content, seen = await fetched(link, tmp_path / "a")
    assert content == link.content
    assert len(link.asked) == 11
    assert seen == sorted(seen)
    assert all(asked["if-range"] == '"v1"' for asked in link.asked[1:])
    # What came is not asked for again, but for what was on its way when it broke.
    starts = [int(asked["range"][6:-1]) for asked in link.asked[1:]]
    assert starts == sorted(set(starts))


async def test_a_server_without_ranges_begins_anew(tmp_path: Path) -> None:
    link = Link(os.urandom(2 * MIB), cuts=[MIB, MIB // 2], takes_ranges=False)
    content, _ = await fetched(link, tmp_path / "a")
    assert content == link.content
    assert len(link.asked) == 3


async def test_another_version_begins_anew(tmp_path: Path) -> None:
    class Changing(Link):
        def _start(self, headers: dict[str, str]) -> int:
            if self.asked[1:]:
                self.tag, self.content = '"v2"', b"new" * MIB
            return super()._start(headers)

    link = Changing(os.urandom(2 * MIB), cuts=[MIB])
    content, _ = await fetched(link, tmp_path / "a")
    assert content == b"new" * MIB


@pytest.mark.parametrize(
    "lie", ["bytes 0-2097151/2097152", "bytes 5-9/2097152", "bytes */2097152", "pages 1-2/3", ""]
)
async def test_a_wrong_range_begins_anew(tmp_path: Path, lie: str) -> None:
    class Lying(Link):
        def _start(self, headers: dict[str, str]) -> int:
            return 0 if len(self.asked) > 2 else super()._start(headers)

    link = Lying(os.urandom(2 * MIB), cuts=[MIB], lies=lie or "bytes 1048576-2097151/99")
    content, _ = await fetched(link, tmp_path / "a")
    assert content == link.content


async def test_a_range_that_is_never_right_has_an_end(tmp_path: Path) -> None:
    link = Link(os.urandom(2 * MIB), cuts=[MIB] * 10_000, lies="bytes 7-9/2097152")
    with pytest.raises(NotWhole) as error:
        await fetched(link, tmp_path / "a")
    assert SECRET not in error.value.sentence


@pytest.mark.parametrize("tag", [None, 'W/"weak"'])
async def test_without_a_mark_the_size_has_to_be_the_same(tmp_path: Path, tag: str | None) -> None:
    link = Link(os.urandom(2 * MIB), cuts=[MIB], tag=tag)
    link._start = lambda headers: int(headers.get("range", "bytes=0-")[6:-1])  # type: ignore[method-assign]
    content, _ = await fetched(link, tmp_path / "a")
    assert content == link.content
    assert "if-range" not in link.asked[1]
    assert "range" in link.asked[1]


async def test_a_server_in_trouble_is_asked_again(tmp_path: Path) -> None:
    link = Link(b"x" * 100, statuses=[503, 429, 500])
    assert (await fetched(link, tmp_path / "a"))[0] == link.content


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_link_that_is_refused_is_asked_once(tmp_path: Path, status: int) -> None:
    link = Link(b"", statuses=[status] * 9)
    with pytest.raises(LinkRefused, match=str(status)):
        await fetched(link, tmp_path / "a")
    assert len(link.asked) == 1


async def test_the_link_is_in_no_error(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        for url in (f"http://127.0.0.1:9/{SECRET}", f"nothing://{SECRET}", f"http://[{SECRET}"):
            place = tmp_path / str(len(url))
            with place.open("xb") as file, pytest.raises(NotWhole) as error:
                await fetch(session, url, file, patience=timedelta(seconds=0.05))
            told = [error.value, error.value.__cause__, error.value.__context__]
            assert SECRET not in repr(told)


async def test_a_zip_appears_when_it_is_whole(tmp_path: Path) -> None:
    zipped = packed(tmp_path / "source", [("index.html", os.urandom(MIB))]).read_bytes()
    target = tmp_path / "out" / "a.zip"
    seen: list[list[str]] = []

    def look(_: int, __: int | None) -> None:
        seen.append(_names(target.parent))

    link = Link(zipped, cuts=[MIB // 2])
    async with link.open(), aiohttp.ClientSession() as session:
        assert await save(session, link.url, target, look) == len(zipped)
    assert _read(target) == zipped
    assert _names(target.parent) == ["a.zip"]
    assert all(names[0].startswith(".a.zip.") and len(names) == 1 for names in seen)


async def test_what_is_no_zip_leaves_what_stood_there(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")
    link = Link(b"<html>Sorry</html>")
    async with link.open(), aiohttp.ClientSession() as session:
        with pytest.raises(NotWhole):
            await save(session, link.url, target)
    assert (_names(tmp_path), _read(target)) == (["a.zip"], b"old")
