"""Applivery's wire protocol without I/O: requests out; status, headers and body in.

https://docs.applivery.com/en/app-distribution/api describes it in part.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote, urlencode

from bot.applivery.errors import UnexpectedAnswer
from bot.applivery.location import Location
from bot.applivery.models import (
    AppDetails,
    BuildDetails,
    BuildStatus,
    DownloadKind,
    DownloadToken,
    Platform,
    Step,
)
from bot.applivery.refusals import Answer, decipher, header, is_redirect

_T = TypeVar("_T")

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_ORGANIZATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Request:
    """One GET; `authorized` says whether the bot's own token goes with it."""

    step: Step
    route: str
    path: str = field(repr=False)  # the second step's ends in the token
    authorized: bool = True


def is_object_id(text: str) -> bool:
    """Say whether a text can be the id of an app or a build: 24 hex characters."""
    return _OBJECT_ID.fullmatch(text) is not None


def is_organization(text: str) -> bool:
    """Say whether a text can be an organization's id or slug."""
    return _ORGANIZATION.fullmatch(text) is not None


def mint(organization: str, app: str, build: str, kind: DownloadKind) -> Request:
    """Ask for a download token."""
    ids = f"apps/{_checked(app)}/builds/{_checked(build)}"
    path = f"/v1/organizations/{organization}/{ids}/downloadToken?type={kind}"
    return Request(Step.MINT, "mint", path)


def resolve(token: DownloadToken) -> Request:
    """Spend a download token; the download host must never see the bot's own."""
    path = f"/v1/download/{quote(token.value, safe='')}"
    return Request(Step.RESOLVE, "resolve", path, authorized=False)


def build(build_id: str) -> Request:
    """Ask for one build."""
    return Request(Step.DETAILS, "build", f"/v1/integrations/builds/{_checked(build_id)}")


def builds(
    version_name: str | None,
    status: BuildStatus | None,
    platform: Platform | None,
    page: int | None,
    limit: int | None,
) -> Request:
    """Ask for builds, newest first."""
    asked = {
        "versionName": version_name,
        "status": status,
        "os": platform,
        "page": page,
        "limit": limit,
    }
    query = urlencode({key: value for key, value in asked.items() if value is not None})
    return Request(Step.DETAILS, "builds", "/v1/integrations/builds" + (query and f"?{query}"))


def app(organization: str, app_id: str) -> Request:
    """Ask for one app."""
    return Request(Step.DETAILS, "app", f"/v1/organizations/{organization}/apps/{_checked(app_id)}")


def read_token(answer: Answer) -> DownloadToken:
    """Return the token of the first step's answer, or raise a named error."""
    return _read(Step.MINT, answer, lambda found: DownloadToken.from_json(_mapping(found)))


def read_location(answer: Answer) -> Location:
    """Return where the second step's answer leads, or raise a named error.

    Any 3xx with a Location is a success; its body is never looked at.
    """
    if is_redirect(answer.status):
        return _location(answer)
    decipher(Step.RESOLVE, answer)
    raise UnexpectedAnswer(Step.RESOLVE, f"HTTP {answer.status} without a redirect")


def read_build(answer: Answer) -> BuildDetails:
    """Return the build of an answer, or raise a named error."""
    return _read(Step.DETAILS, answer, lambda found: BuildDetails.from_json(_mapping(found)))


def read_builds(answer: Answer) -> tuple[BuildDetails, ...]:
    """Return the builds of an answer, or raise a named error."""
    return _read(Step.DETAILS, answer, _builds)


def read_app(answer: Answer) -> AppDetails:
    """Return the app of an answer, or raise a named error."""
    return _read(Step.DETAILS, answer, lambda found: AppDetails.from_json(_mapping(found)))


def _read(step: Step, answer: Answer, model: Callable[[object], _T]) -> _T:
    found = decipher(step, answer)
    try:
        return model(found)
    except ValueError as error:
        raise UnexpectedAnswer(step, str(error)) from error


def _location(answer: Answer) -> Location:
    text = header(answer.headers, "location")
    if not text:
        raise UnexpectedAnswer(Step.RESOLVE, f"HTTP {answer.status} without a Location")
    try:
        return Location.from_header(text)
    except ValueError as error:
        raise UnexpectedAnswer(Step.RESOLVE, str(error)) from error


def _builds(found: object) -> tuple[BuildDetails, ...]:
    # A page comes as an object that holds its items; a plain list says as much.
    items = found.get("items") if isinstance(found, dict) else found
    if not isinstance(items, list):
        message = "no list of builds"
        raise ValueError(message)  # noqa: TRY004 - the one error that models raise
    return tuple(BuildDetails.from_json(_mapping(item)) for item in items)


def _checked(object_id: str) -> str:
    if not is_object_id(object_id):
        message = "the id of an app or a build is 24 hex characters"
        raise ValueError(message)
    return object_id


def _mapping(found: object) -> Mapping[str, object]:
    return found if isinstance(found, dict) else {}
