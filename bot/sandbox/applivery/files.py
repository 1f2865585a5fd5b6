"""The files behind the links: small, but real enough to open."""

import io
import plistlib
import zipfile

from bot.sandbox.applivery.workspace import Build

_TYPES = {
    "apk": "application/vnd.android.package-archive",
    "aab": "application/octet-stream",
    "ipa": "application/octet-stream",
    "plist": "text/xml",
}


def content_type(name: str) -> str:
    """Return the media type that stores serve such a file with."""
    return _TYPES[name.rpartition(".")[2]]


def content(build: Build, name: str) -> bytes:
    """Return the .apk, .aab or .ipa of a build: an archive with its version in it."""
    facts = {
        "CFBundleIdentifier": build.app.package,
        "CFBundleShortVersionString": build.version,
        "CFBundleVersion": str(build.number),
    }
    if name.endswith(".ipa"):
        entry, body = "Payload/App.app/Info.plist", plistlib.dumps(facts)
    else:
        entry, body = "AndroidManifest.xml", _android_manifest(build)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        # A fixed date: the same build has the same bytes and so the same size.
        packed.writestr(zipfile.ZipInfo(entry), body)
    return archive.getvalue()


def manifest(build: Build, ipa_url: str) -> bytes:
    """Return what iOS reads before it installs over the air (itms-services)."""
    metadata = {
        "bundle-identifier": build.app.package,
        "bundle-version": build.version,
        "kind": "software",
        "title": build.app.name,
    }
    assets = [{"kind": "software-package", "url": ipa_url}]
    return plistlib.dumps({"items": [{"assets": assets, "metadata": metadata}]})


def size_of(build: Build) -> int:
    """Return the size of the file that was uploaded."""
    return len(content(build, build.file_name("file")))


def _android_manifest(build: Build) -> bytes:
    return (
        f'<manifest package="{build.app.package}" android:versionName="{build.version}" '
        f'android:versionCode="{build.number}"/>'
    ).encode()
