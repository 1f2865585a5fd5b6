"""Where download links lead: no token, one secret in the path, parts of the file on request."""

from urllib.parse import quote

from aiohttp import web

from bot.sandbox.playcanvas.files import zipped
from bot.sandbox.playcanvas.jobs import Job, Jobs

PATH = "/download/{key}/{name}"


class Downloads:
    """Serves the zips of finished jobs."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def install(self, app: web.Application) -> None:
        """Take `GET` and `HEAD` at `/download/…`."""
        self._resource = app.router.add_get(PATH, self.sent).resource

    @property
    def prefix(self) -> str:
        """Say under which path the application is mounted."""
        return (self._resource.canonical if self._resource else PATH).removesuffix(PATH)

    def url(self, request: web.Request, job: Job) -> str:
        """Return the link to a job's zip on the host that was asked."""
        path = f"{self.prefix}/download/{job.key}/{quote(_file_name(job), safe='')}"
        return f"{request.url.origin()}{path}"

    async def sent(self, request: web.Request) -> web.Response:
        """Answer with the zip, or with the part of it that a Range header asks for."""
        job = self._jobs.by_key(request.match_info["key"])
        content = zipped(job)
        ascii_name = _file_name(job).encode("ascii", "replace").decode()
        headers = {
            "Accept-Ranges": "bytes",
            "Content-Disposition": (
                f'attachment; filename="{ascii_name}"'
                f"; filename*=UTF-8''{quote(_file_name(job), safe='')}"
            ),
        }
        try:
            wanted = request.http_range
        except ValueError:
            return _unsatisfiable(content)
        if wanted == slice(None, None, 1):
            return web.Response(body=content, content_type="application/zip", headers=headers)
        start, stop, _ = wanted.indices(len(content))
        if start >= stop:
            return _unsatisfiable(content)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
        part = content[start:stop]
        return web.Response(body=part, status=206, content_type="application/zip", headers=headers)


def _unsatisfiable(content: bytes) -> web.Response:
    return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})


def _file_name(job: Job) -> str:
    plain = "".join(
        letter if letter.isalnum() or letter in " -_." else "_" for letter in job.order.name
    )
    return f"{plain[:80].strip(' .') or 'app'}.zip"
