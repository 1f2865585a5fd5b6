"""The files that exports lead to: real zips, laid out as PlayCanvas's, made when fetched."""

import json
import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.sandbox.playcanvas.answers import Json
from bot.sandbox.playcanvas.jobs import Job
from bot.sandbox.playcanvas.pages import CONFIG_LOADER, ENGINE, INDEX, START, STYLES

ASSET_ID = 9_000_001


def zipped(job: Job) -> bytes:
    """Pack what the job exported."""
    if job.order.archive:
        files = _archive(job)
    elif job.order.echo["format"] == "npm":
        files = _npm(job)
    else:
        files = _static(job)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, job.created_at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _static(job: Job) -> dict[str, str | bytes]:
    echo = job.order.echo
    start = job.order.scenes[0]
    settings = {
        "SCENE_PATH": f"{start.id}.json",
        "CONFIG_FILENAME": "config.json",
        "ENGINE_VERSION": job.behaviour.engine or echo["engineVersion"],
    }
    files: dict[str, str | bytes] = {
        "index.html": INDEX,
        "playcanvas-stable.min.js": ENGINE,
        "__settings__.js": "".join(
            f"window.{name} = {json.dumps(value)};\n" for name, value in settings.items()
        ),
        "__modules__.js": CONFIG_LOADER,
        "__start__.js": START,
        "__loading__.js": "document.title = 'Loading…';\n",
        "config.json": _json(_config(job)),
        "manifest.json": _json({"name": job.order.name, "display": "fullscreen"}),
        "styles.css": STYLES,
        "logo.png": _png(),
        f"files/assets/{ASSET_ID}/1/fruit.json": _json({"fruit": ["pear", "plum"]}),
    }
    files |= {f"{scene.id}.json": _json(_scene(scene.id, scene.name)) for scene in job.order.scenes}
    if echo["concatenate"]:
        files["__game-scripts.js"] = "window.FRUIT = 'pear';\n"
        if echo["sourcemaps"]:
            files["__game-scripts.js.map"] = _json({"version": 3, "sources": [], "mappings": ""})
    return files


def _npm(job: Job) -> dict[str, str | bytes]:
    package = {
        "name": "playcanvas-project",
        "private": True,
        "type": "module",
        "dependencies": {"playcanvas": job.order.echo["engineVersion"]},
    }
    scenes = {f"{scene.id}.json": _json(_scene(scene.id, scene.name)) for scene in job.order.scenes}
    return {
        "package.json": _json(package),
        "index.html": INDEX,
        "js/index.mjs": "import * as pc from 'playcanvas';\nexport default pc;\n",
        "config.json": _json(_config(job)),
        **scenes,
    }


def _archive(job: Job) -> dict[str, str | bytes]:
    project, branch = job.order.project, job.order.branch
    scenes = project.scenes_of(branch)
    about = {"id": project.id, "name": project.name, "branch": branch.name, "private": True}
    listed = {str(ASSET_ID): {"id": ASSET_ID, "name": "fruit.json", "type": "json"}}
    files: dict[str, str | bytes] = {
        "project.json": _json(about),
        "settings.json": _json({"width": 1280, "height": 720}),
        "assets.json": _json(listed),
        f"files/assets/{ASSET_ID}/1/fruit.json": _json({"fruit": ["pear", "plum"]}),
    }
    return files | {
        f"scenes/{scene.id}.json": _json(_scene(scene.id, scene.name)) for scene in scenes
    }


def _config(job: Job) -> Json:
    scenes = [{"name": scene.name, "url": f"{scene.id}.json"} for scene in job.order.scenes]
    listed = {str(ASSET_ID): {"url": f"files/assets/{ASSET_ID}/1/fruit.json", "type": "json"}}
    return {
        "application_properties": {"width": 1280, "height": 720},
        "name": job.order.name,
        "scenes": scenes,
        "assets": listed,
    }


def _scene(scene_id: int, name: str) -> Json:
    return {"id": scene_id, "name": name, "settings": {}, "entities": {}}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _png(side: int = 16) -> bytes:
    """Draw an orange square."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xf6\x6f\x2f" * side) * side
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
