import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.sandbox.playcanvas.playcanvas_stage import FRUIT_RUSH, Stage

STATIC = {
    "index.html",
    "playcanvas-stable.min.js",
    "__settings__.js",
    "__modules__.js",
    "__start__.js",
    "__loading__.js",
    "config.json",
    "manifest.json",
    "styles.css",
    "logo.png",
}


async def fetched(on_stage: Stage, url: str) -> ZipFile:
    async with on_stage.session.get(url) as answer:
        assert answer.status == 200
        return ZipFile(BytesIO(await answer.read()))


async def test_the_zip_is_laid_out_as_playcanvas_does(on_stage: Stage) -> None:
    done = await on_stage.finished("Level 3", "Main Menu")
    zipped = await fetched(on_stage, done["data"]["download_url"])
    assert zipped.testzip() is None
    scenes = {f"{scene}.json" for scene in done["data"]["scenes"]}
    names = set(zipped.namelist())
    assert names > STATIC | scenes
    assert any(re.fullmatch(r"files/assets/\d+/\d+/.+", name) for name in names)
    assert "__game-scripts.js" not in names


async def test_the_page_names_only_files_that_are_there(on_stage: Stage) -> None:
    done = await on_stage.finished("Level 3", "Main Menu")
    zipped = await fetched(on_stage, done["data"]["download_url"])
    page = zipped.read("index.html").decode()
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) <= set(zipped.namelist())
    settings = zipped.read("__settings__.js").decode()
    assert f'SCENE_PATH = "{done["data"]["scenes"][0]}.json"' in settings
    assert 'ENGINE_VERSION = "2.20.6"' in settings
    config = json.loads(zipped.read("config.json"))
    urls = [scene["url"] for scene in config["scenes"]]
    urls += [asset["url"] for asset in config["assets"].values()]
    assert set(urls) <= set(zipped.namelist())


@pytest.mark.parametrize(
    ("options", "extra"),
    [
        ({"scripts_concatenate": True}, {"__game-scripts.js"}),
        (
            {"scripts_concatenate": True, "scripts_sourcemaps": True},
            {"__game-scripts.js", "__game-scripts.js.map"},
        ),
    ],
)
async def test_script_options_show_in_the_zip(
    on_stage: Stage, options: dict[str, Any], extra: set[str]
) -> None:
    done = await on_stage.finished("Level 3", **options)
    zipped = await fetched(on_stage, done["data"]["download_url"])
    found = {name for name in zipped.namelist() if name.startswith("__game")}
    assert found == extra


async def test_an_npm_export_is_a_package(on_stage: Stage) -> None:
    done = await on_stage.finished("Level 3", format="npm", engine_version="2.1.0")
    zipped = await fetched(on_stage, done["data"]["download_url"])
    package = json.loads(zipped.read("package.json"))
    assert package["dependencies"] == {"playcanvas": "2.1.0"}


async def test_an_archive_holds_the_project(on_stage: Stage) -> None:
    _, job, _ = await on_stage.ask("POST", f"/projects/{FRUIT_RUSH}/export", json={})
    on_stage.pass_(60)
    url = (await on_stage.get(f"/jobs/{job['id']}"))["data"]["url"]
    zipped = await fetched(on_stage, url)
    assert json.loads(zipped.read("project.json"))["branch"] == "main"
    scenes = [name for name in zipped.namelist() if name.startswith("scenes/")]
    assert len(scenes) == len(on_stage.sandbox.world.project(FRUIT_RUSH).scenes)


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("Fruit Rush", "Fruit Rush.zip", "Fruit%20Rush.zip"),
        ('a"b/c\r\nd', "a_b_c__d.zip", "a_b_c__d.zip"),
        ("Früchte", "Fr?chte.zip", "Fr%C3%BCchte.zip"),
        ("..", "app.zip", "app.zip"),
    ],
)
async def test_the_headers_of_a_download(
    on_stage: Stage, name: str, plain: str, encoded: str
) -> None:
    done = await on_stage.finished("Level 3", name=name)
    async with on_stage.session.get(done["data"]["download_url"]) as answer:
        body = await answer.read()
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Content-Length"] == str(len(body))
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
        assert answer.headers["Content-Disposition"] == disposition
        assert not any(name.startswith("X-RateLimit") for name in answer.headers)
    async with on_stage.session.head(done["data"]["download_url"]) as answer:
        assert answer.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-22", slice(-22, None)),
        ("bytes=5-999999999", slice(5, None)),
    ],
)
async def test_parts_of_a_download(on_stage: Stage, wanted: str, part: slice) -> None:
    url = (await on_stage.finished("Level 3"))["data"]["download_url"]
    async with on_stage.session.get(url) as answer:
        all_of_it = await answer.read()
    async with on_stage.session.get(url, headers={"Range": wanted}) as answer:
        assert answer.status == 206
        assert await answer.read() == all_of_it[part]
        start, stop, _ = part.indices(len(all_of_it))
        expected = f"bytes {start}-{stop - 1}/{len(all_of_it)}"
        assert answer.headers["Content-Range"] == expected


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=x", "lines=1-2", "bytes=5-2"])
async def test_parts_that_are_not_there(on_stage: Stage, wanted: str) -> None:
    url = (await on_stage.finished("Level 3"))["data"]["download_url"]
    async with on_stage.session.get(url, headers={"Range": wanted}) as answer:
        assert answer.status == 416


async def test_a_link_cannot_be_guessed_and_leads_nowhere_too_early(on_stage: Stage) -> None:
    running = await on_stage.start("Level 3")
    key = on_stage.sandbox.jobs.find(running["id"]).key
    assert len(key) >= 32
    for guess in (key, str(running["id"]), "é"):
        async with on_stage.session.get(f"{on_stage.url}/download/{guess}/x.zip") as answer:
            assert (answer.status, await answer.json()) == (404, {"error": "Not Found"})
