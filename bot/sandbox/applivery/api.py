"""The API base: minting tokens, builds and apps."""

from aiohttp import web

from bot.sandbox.applivery.answers import (
    INVALID_TYPE,
    NOT_ALLOWED,
    NOT_FOUND,
    Manners,
    RefusedError,
    iso_milliseconds,
    success,
)
from bot.sandbox.applivery.files import size_of
from bot.sandbox.applivery.workspace import Build, Credential, Workspace

_MOST = 100


class Api:
    """The routes below /api/v1."""

    def __init__(self, workspace: Workspace, manners: Manners) -> None:
        self._workspace = workspace
        self._manners = manners

    def install(self, app: web.Application) -> None:
        """Add the routes."""
        of_app = "/api/v1/organizations/{organization}/apps/{app}"
        app.router.add_get(f"{of_app}/builds/{{build}}/downloadToken", self.mint)
        app.router.add_get(of_app, self.app)
        app.router.add_get("/api/v1/integrations/builds", self.builds)
        app.router.add_get("/api/v1/integrations/builds/{build}", self.build)

    async def mint(self, request: web.Request) -> web.Response:
        """Answer with a token and, as the manners have it, when it expires."""
        credential, asked = self._credential(request), request.match_info
        app = self._workspace.app(credential, asked["organization"], asked["app"])
        kind = request.query.get("type", "auto")
        if kind not in ("auto", "file", "aab"):
            raise RefusedError(INVALID_TYPE)
        token = self._workspace.mint(credential, app, asked["build"], kind)
        found: dict[str, object] = {"token": token.value}
        if self._manners.names_expiry:
            found["expiresAt"] = self._manners.expiry(token.expires_at)
        return success(found)

    async def app(self, request: web.Request) -> web.Response:
        """Answer with an app and its newest build on each platform."""
        credential, asked = self._credential(request), request.match_info
        app = self._workspace.app(credential, asked["organization"], asked["app"])
        if not credential.reads:
            raise RefusedError(NOT_ALLOWED)
        sdk: dict[str, object] = {"ios": {}, "android": {}}
        # Newest first, so what is written last, the newest, stays.
        for build in reversed(self._workspace.visible(credential)):
            if build.app is app and build.status(self._workspace.clock()) == "processed":
                last = {"lastBuildId": build.id, "lastBuildVersion": build.version}
                sdk[build.platform] = last
        found = {"id": app.id, "name": app.name, "slug": app.slug, "sdk": sdk, "picture": None}
        return success(found)

    async def builds(self, request: web.Request) -> web.Response:
        """Answer with one page of builds, newest first."""
        builds = self._workspace.visible(self._credential(request))
        wanted = request.query
        found = [_build(build, self._status(build)) for build in builds]
        for key in ("versionName", "status", "os"):
            if key in wanted:
                found = [build for build in found if build[key] == wanted[key]]
        try:
            page, limit = int(wanted.get("page", 1)), int(wanted.get("limit", 20))
        except ValueError:
            raise RefusedError(INVALID_TYPE) from None
        page, limit = max(page, 1), min(max(limit, 1), _MOST)
        return success({"items": found[(page - 1) * limit : page * limit]})

    async def build(self, request: web.Request) -> web.Response:
        """Answer with one build."""
        wanted = request.match_info["build"]
        for build in self._workspace.visible(self._credential(request)):
            if build.id == wanted:
                return success(_build(build, self._status(build)))
        raise RefusedError(NOT_FOUND)

    def _credential(self, request: web.Request) -> Credential:
        return self._workspace.credential(request.headers.get("Authorization"))

    def _status(self, build: Build) -> str:
        return build.status(self._workspace.clock())


def _build(build: Build, status: str) -> dict[str, object]:
    return {
        "id": build.id,
        "status": status,
        "tags": build.tags,
        "versionName": build.version_name,
        "changelog": build.changelog,
        "size": size_of(build),
        "os": build.platform,
        "createdAt": iso_milliseconds(build.created_at),
        "info": _package(build) if status == "processed" else {},
        "deployer": {
            "name": build.deployer,
            "info": {"git_branch": build.branch},
            "commit": build.commit,
        },
    }


def _package(build: Build) -> dict[str, object]:
    if build.platform == "android":
        android = {
            "packageName": build.app.package,
            "versionName": build.version,
            "versionCode": str(build.number),
        }
        return {"android": android}
    plist = {
        "CFBundleDisplayName": build.app.name,
        "CFBundleIdentifier": build.app.package,
        "CFBundleShortVersionString": build.version,
        "CFBundleVersion": str(build.number),
    }
    return {"ios": {"plist": plist}}
