"""The download base: a token becomes a redirect once; and the place the redirect leads to."""

import secrets

from aiohttp import web

from bot.sandbox.applivery.answers import Manners
from bot.sandbox.applivery.files import content, content_type, manifest
from bot.sandbox.applivery.workspace import Build, Workspace


class Downloads:
    """The routes below /download/v1, and /files beside them."""

    def __init__(self, workspace: Workspace, manners: Manners) -> None:
        self._workspace = workspace
        self._manners = manners
        self._files: dict[str, tuple[Build, str]] = {}

    def install(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/download/v1/download/{token}", self.resolve)
        app.router.add_get("/files/{name}", self.file)

    async def resolve(self, request: web.Request) -> web.Response:
        """Spend the token and redirect to the file.

        The Location is http on loopback, as the whole sandbox is: no certificate could be had.
        """
        token = self._workspace.spend(request.match_info["token"])
        # The routes do not know below which path they are mounted; the request does.
        base = f"{request.url.origin()}{request.path.rpartition('/download/v1/')[0]}"
        url = self._offer(base, token.build, token.build.file_name(token.kind))
        # Applivery's own sample of a success is not valid JSON either.
        body = b'{"status": true, "data": }'
        return web.Response(status=self._manners.redirect, headers={"Location": url}, body=body)

    async def file(self, request: web.Request) -> web.Response:
        """Serve a file to whoever has its address, as often as asked: only tokens are spent."""
        offered = self._files.get(request.query.get("key", ""))
        if offered is None:
            raise web.HTTPNotFound
        build, name = offered
        if name == "manifest.plist":
            base = f"{request.url.origin()}{request.path.rpartition('/files/')[0]}"
            body = manifest(build, self._offer(base, build, build.file_name("file")))
        else:
            body = content(build, name)
        return web.Response(body=body, content_type=content_type(name))

    def _offer(self, base: str, build: Build, name: str) -> str:
        key = secrets.token_urlsafe(24)
        self._files[key] = build, name
        return f"{base}/files/{name}?build={build.id}&key={key}"
