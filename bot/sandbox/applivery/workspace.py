"""One Applivery organization: its apps and builds, who may ask, and tokens that work once."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.applivery.answers import (
    INVALID_CREDENTIAL,
    NO_CREDENTIAL,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_PROCESSED,
    PLAN_EXCLUDES,
    TOKEN_EXPIRED,
    RefusedError,
    quota_used_up,
)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class App:
    """An app; Applivery keeps one per product, the demo one per platform."""

    id: str
    name: str
    slug: str
    package: str


@dataclass(slots=True)
class Build:
    """One upload."""

    id: str
    app: App
    platform: str
    version: str
    number: int
    created_at: datetime
    changelog: str = ""
    version_name: str = ""
    tags: list[str] = field(default_factory=list)
    is_aab: bool = False
    broken: bool = False
    """Processing ended in an error; there will never be a file."""
    processing: timedelta = timedelta()
    """How long processing takes, counted from the first time a link is asked for."""
    asked_at: datetime | None = None
    deployer: str = "Sandbox"
    branch: str = "main"
    commit: str = "0c0ffee"

    def status(self, now: datetime) -> str:
        """Return pending, in_progress, processed or error."""
        if self.broken:
            return "error"
        if not self.processing or (self.asked_at and now >= self.asked_at + self.processing):
            return "processed"
        return "in_progress" if self.asked_at else "pending"

    def file_name(self, kind: str) -> str:
        """Return the name of the file that a link of this kind leads to; refuse what is not."""
        if self.platform == "ios" and kind in ("auto", "file"):
            return "manifest.plist" if kind == "auto" else f"{self.app.slug}.ipa"
        if self.platform == "android" and (kind in ("auto", "file") or self.is_aab):
            return f"{self.app.slug}.{'aab' if kind == 'aab' else 'apk'}"
        raise RefusedError(NOT_FOUND)


@dataclass(slots=True)
class Credential:
    """What a bearer may do: a Service Account mints, an app token reads its app's builds."""

    mints: bool = True
    reads: bool = True
    app: str | None = None
    """The only app it may see."""


@dataclass(slots=True)
class Quota:
    """Downloads of the month."""

    limit: int
    num: int = 0


@dataclass(slots=True)
class Token:
    """The right to one download."""

    value: str
    build: Build
    kind: str
    expires_at: datetime
    spent: bool = False


@dataclass(slots=True)
class Workspace:
    """What the sandbox knows; tests change it as an admin would."""

    clock: Clock
    id: str
    slug: str
    apps: dict[str, App] = field(default_factory=dict)
    builds: dict[str, Build] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    lifetime: timedelta = timedelta(minutes=5)
    quota: Quota | None = None
    plan_includes_links: bool = True
    hourly: int = 10_000
    _recent: deque[datetime] = field(default_factory=deque)

    def add(self, build: Build) -> Build:
        """Take an upload, and its app with it."""
        self.apps[build.app.id] = build.app
        self.builds[build.id] = build
        return build

    def credential(self, authorization: str | None) -> Credential:
        """Return what the bearer of an Authorization header may do, or refuse it."""
        scheme, _, bearer = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not bearer:
            raise RefusedError(NO_CREDENTIAL)
        credential = self.credentials.get(bearer)
        if credential is None:
            raise RefusedError(INVALID_CREDENTIAL)
        return credential

    def app(self, credential: Credential, organization: str, app_id: str) -> App:
        """Return an app that the credential may see, or say that there is none."""
        app = self.apps.get(app_id)
        if app is None or organization not in (self.id, self.slug):
            raise RefusedError(NOT_FOUND)
        if credential.app not in (None, app.id):
            raise RefusedError(NOT_FOUND)
        return app

    def visible(self, credential: Credential) -> list[Build]:
        """Return the builds that the credential may read, newest first."""
        if not credential.reads:
            raise RefusedError(NOT_ALLOWED)
        builds = [b for b in self.builds.values() if credential.app in (None, b.app.id)]
        return sorted(builds, key=lambda build: build.created_at, reverse=True)

    def mint(self, credential: Credential, app: App, build_id: str, kind: str) -> Token:
        """Return a fresh token for one download of a processed build."""
        if not credential.mints:
            raise RefusedError(NOT_ALLOWED)
        build = self.builds.get(build_id)
        if build is None or build.app is not app:
            raise RefusedError(NOT_FOUND)
        build.file_name(kind)
        self._check_plan()
        now = self.clock()
        build.asked_at = build.asked_at or now
        if build.status(now) != "processed":
            raise RefusedError(NOT_PROCESSED)
        token = Token(secrets.token_urlsafe(24), build, kind, now + self.lifetime)
        self.tokens[token.value] = token
        return token

    def spend(self, value: str) -> Token:
        """Use a token up; the second time, it was never there."""
        token = self.tokens.get(value)
        if token is None or token.spent:
            raise RefusedError(NOT_FOUND)
        if self.clock() >= token.expires_at:
            raise RefusedError(TOKEN_EXPIRED)
        self._check_plan()
        token.spent = True
        if self.quota:
            self.quota.num += 1
        return token

    def rate_limited(self) -> timedelta | None:
        """Count a request; return how long to wait when it is one too many in an hour."""
        now, hour = self.clock(), timedelta(hours=1)
        while self._recent and self._recent[0] <= now - hour:
            self._recent.popleft()
        if len(self._recent) >= self.hourly:
            # A limit of none at all leaves no oldest request to wait for.
            return self._recent[0] + hour - now if self._recent else hour
        self._recent.append(now)
        return None

    def _check_plan(self) -> None:
        if not self.plan_includes_links:
            raise RefusedError(PLAN_EXCLUDES)
        if self.quota and self.quota.num >= self.quota.limit:
            raise RefusedError(quota_used_up(self.quota.limit, self.quota.num))
