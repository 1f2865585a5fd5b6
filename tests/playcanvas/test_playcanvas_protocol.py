import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playcanvas import (
    AppExport,
    Invalid,
    NotAllowed,
    NotFound,
    RateClass,
    RateLimit,
    RateLimited,
    RemoteJob,
    Scene,
    Unavailable,
    Unexpected,
    protocol,
)

PLAIN = AppExport(project_id=543988, name="Fruit Rush", scenes=(3, 1, 2))

# Every parameter of the facts, as given and as it has to be on the wire.
PARAMETERS: list[tuple[str, Any]] = [
    ("project_id", 12),
    ("name", "Fruit “Rush” <!here> 🍓"),
    ("branch_id", "2cb1d8cb-1b4d-4d8c-8c1d-9e25f4a3e7d1"),
    ("description", "a\nb"),
    ("version", "1.2.3"),
    ("release_notes", "• pears"),
    ("engine_version", "2.20.6"),
    ("format", "static"),
    ("format", "npm"),
    ("target", "web"),
    ("target", "ios"),
    ("scripts_minify", True),
    ("scripts_minify", False),
    ("scripts_concatenate", True),
    ("scripts_concatenate", False),
    ("scripts_sourcemaps", True),
    ("scripts_sourcemaps", False),
    ("optimize_scene_format", True),
    ("optimize_scene_format", False),
    ("preload_bundle", True),
    ("preload_bundle", False),
]


def test_a_build_with_nothing_chosen_sends_nothing_else() -> None:
    request = protocol.start_build(PLAIN)
    assert (request.method, request.path) == ("POST", "/apps/download")
    assert request.rate_class is RateClass.STRICT
    assert request.body == {"project_id": 543988, "name": "Fruit Rush", "scenes": [3, 1, 2]}


@pytest.mark.parametrize(("name", "value"), PARAMETERS)
def test_each_parameter_is_sent_as_it_is(name: str, value: object) -> None:
    changed: dict[str, Any] = {name: value}
    body = protocol.start_build(replace(PLAIN, **changed)).body
    plain = {"project_id": 543988, "name": "Fruit Rush", "scenes": [3, 1, 2]}
    assert body == plain | {name: value}


def test_no_parameter_is_without_a_test() -> None:
    assert {name for name, _ in PARAMETERS} | {"scenes"} == {field.name for field in fields(PLAIN)}


@pytest.mark.parametrize(
    ("request_", "method", "path", "query"),
    [
        (protocol.start_archive(7), "POST", "/projects/7/export", ()),
        (protocol.start_archive(7, "b"), "POST", "/projects/7/export", ()),
        (protocol.job(123), "GET", "/jobs/123", ()),
        (protocol.scenes(7), "GET", "/projects/7/scenes", ()),
        (protocol.scenes(7, "b"), "GET", "/projects/7/scenes", (("branchId", "b"),)),
        (protocol.branches(7), "GET", "/projects/7/branches", ()),
        (protocol.branches(7, "b"), "GET", "/projects/7/branches", (("skip", "b"),)),
        (protocol.checkpoints("b"), "GET", "/branches/b/checkpoints", (("limit", "50"),)),
        (
            protocol.checkpoints("../x", "c", 99),
            "GET",
            "/branches/..%2Fx/checkpoints",
            (("limit", "50"), ("skip", "c")),
        ),
        (protocol.primary_app(7), "GET", "/projects/7/app", ()),
        (protocol.ratelimits(), "GET", "/ratelimits", ()),
    ],
)
def test_requests(
    request_: protocol.Request, method: str, path: str, query: tuple[tuple[str, str], ...]
) -> None:
    assert (request_.method, request_.path, request_.query) == (method, path, query)
    expected = RateClass.STRICT if method == "POST" else RateClass.NORMAL
    assert request_.rate_class is expected
    assert (request_.body is None) == (method == "GET")


def test_apps_are_asked_for_newest_first() -> None:
    query = dict(protocol.apps(7, skip=16, limit=8).query)
    assert query == {"limit": "8", "skip": "16", "sort": "created_at", "order": "-1"}


def test_an_archive_names_its_branch_or_none() -> None:
    assert protocol.start_archive(7).body == {}
    assert protocol.start_archive(7, "b").body == {"branch_id": "b"}


def test_routes_hold_no_ids() -> None:
    requests = [protocol.job(123), protocol.scenes(123), protocol.branches(123)]
    requests += [protocol.start_archive(123), protocol.apps(123), protocol.primary_app(123)]
    assert not any("123" in request.route for request in requests)


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_any_2xx_with_json_is_a_value(status: int) -> None:
    assert protocol.decipher(status, {}, b' {"id": 1}') == ({"id": 1}, RateLimit())


@pytest.mark.parametrize("name", ["X-RateLimit-{}", "x-ratelimit-{}", "X-RATELIMIT-{}"])
def test_the_limit_is_read_from_the_headers(name: str) -> None:
    kinds = {"Limit": "240", "Remaining": "0", "Reset": "1700000000"}
    headers = {name.format(kind): value for kind, value in kinds.items()}
    _, limit = protocol.decipher(200, headers, b"{}")
    assert limit == RateLimit(240, 0, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))


@pytest.mark.parametrize("value", ["", "many", "-1", "1e9", "9" * 5000, "nan"])
def test_unreadable_counts_are_unknown(value: str) -> None:
    headers = {"X-RateLimit-Limit": value, "X-RateLimit-Remaining": value}
    assert RateLimit.from_headers(headers) == RateLimit()


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf", "-inf", "1e300", "1e12"])
def test_an_unreadable_reset_is_unknown(value: str) -> None:
    assert RateLimit.from_headers({"X-RateLimit-Reset": value}) == RateLimit()


def test_a_limit_of_zero_is_no_limit_to_go_by() -> None:
    assert RateLimit.from_headers({"X-RateLimit-Limit": "0"}) == RateLimit()


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (400, Invalid, "name is too long"),
        (401, NotAllowed, "Unauthorized"),
        (403, NotAllowed, "Invalid plan"),
        (403, NotAllowed, "User is not an admin of the organization"),
        (404, NotFound, "Project not found"),
        (409, Invalid, "Conflict"),
        (422, Invalid, "Unprocessable"),
    ],
)
def test_a_refusal_holds_status_and_words(status: int, error: type[NotAllowed], words: str) -> None:
    with pytest.raises(error) as caught:
        protocol.decipher(status, {}, json.dumps({"error": words}).encode())
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.message) == (status, words)
    assert f"({status}): “{words}”" in caught.value.sentence


def test_an_admin_reads_what_to_do() -> None:
    with pytest.raises(NotAllowed) as caught:
        protocol.decipher(401, {}, b"")
    assert "An admin must give the bot a valid API token" in caught.value.sentence
    assert "no reason given" in caught.value.sentence
    with pytest.raises(NotAllowed) as caught:
        protocol.decipher(403, {}, b'{"error": "Invalid plan"}')
    assert "its plan, its role" in caught.value.sentence


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "Deep"}}', "Deep"),
        (b'{"message": "Other"}', "Other"),
        (b'["One", "Two"]', "One · Two"),
        (b'"Only text"', "Only text"),
        (b"Unauthorized", "Unauthorized"),
        (b"<html>Forbidden</html>", ""),
        (b'{"error": null}', ""),
        (b'{"error": "  "}', ""),
        (b'{"error": "a\\u0000b\\ud800"}', "a\ufffdb\ufffd"),
        (b"x" * 5000, ""),
        (b"", ""),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"[" * 100_000, ""),
    ],
)
def test_words_in_any_shape(body: bytes, words: str) -> None:
    with pytest.raises(NotFound) as caught:
        protocol.decipher(404, {}, body)
    assert caught.value.message == words


def test_words_without_end_are_cut() -> None:
    with pytest.raises(Invalid) as caught:
        protocol.decipher(400, {}, json.dumps({"error": "x" * 100_000}).encode())
    assert caught.value.message == "x" * 1000 + "…"


@pytest.mark.parametrize("status", [500, 502, 503, 599, 408])
@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b'{"error": "Down"}'])
def test_a_server_in_trouble_is_unavailable(status: int, body: bytes) -> None:
    with pytest.raises(Unavailable) as caught:
        protocol.decipher(status, {}, body)
    assert str(status) in caught.value.sentence
    assert ("Down" in caught.value.sentence) == (b"Down" in body)
    assert "<" not in caught.value.sentence


@pytest.mark.parametrize("status", [0, 100, 204, 301, 302, 304])
def test_what_it_never_sends_is_unexpected(status: int) -> None:
    with pytest.raises(Unexpected):
        protocol.decipher(status, {"Location": "https://elsewhere.example.com"}, b"")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "200 with HTML instead of JSON"),
        (b"", "200 with nothing instead of JSON"),
        (b"{", "200 with something instead of JSON"),
        (b"\xff", "200 with something instead of JSON"),
        (b"[" * 100_000, "200 with something instead of JSON"),
        (b"9" * 5000, "200 with something instead of JSON"),
    ],
)
def test_a_2xx_without_json_is_unexpected(body: bytes, words: str) -> None:
    with pytest.raises(Unexpected, match=words):
        protocol.decipher(200, {}, body)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "30"}, timedelta(seconds=30)),
        ({"retry-after": " 1.5 "}, timedelta(seconds=1.5)),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 50}, None),
        (
            {
                "Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT",
                "Date": "Wed, 21 Oct 2015 07:28:00 GMT",
            },
            timedelta(seconds=30),
        ),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT"}, None),
    ],
)
def test_a_429_says_how_long(headers: dict[str, str], expected: timedelta | None) -> None:
    with pytest.raises(RateLimited) as caught:
        protocol.decipher(429, headers | {"X-RateLimit-Remaining": "0"}, b"<html>")
    assert caught.value.retry_after == expected
    assert caught.value.limit.remaining == 0


def test_an_entry_that_cannot_be_read_does_not_spoil_the_listing() -> None:
    page = {"result": [{"id": 1, "name": "A"}, {"name": "?"}, None, {"id": 2, "name": "B"}]}
    scenes = protocol.listing(page, Scene.from_json)
    assert [scene.id for scene in scenes] == [1, 2]


@pytest.mark.parametrize("value", [None, [], {}, {"result": {}}, {"error": "Scene not found"}])
def test_what_is_no_listing(value: object) -> None:
    with pytest.raises(Unexpected, match="no listing in it"):
        protocol.listing(value, Scene.from_json)


@pytest.mark.parametrize(
    ("pagination", "more"),
    [({"hasMore": True}, True), ({"hasMore": False}, False), ({}, False), (None, False)],
)
def test_has_more(pagination: object, *, more: bool) -> None:
    assert protocol.has_more({"result": [], "pagination": pagination}) is more


@given(
    status=st.integers(0, 999),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "X-RateLimit-Limit",
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
                "Retry-After",
                "Date",
                "Content-Type",
            ]
        )
        | st.text(),
        st.text() | st.floats().map(str) | st.integers().map(str) | st.datetimes().map(str),
    ),
    body=st.binary() | st.text().map(str.encode) | st.text().map(json.dumps).map(str.encode),
)
def test_any_bytes_and_headers_are_a_value_or_a_named_error(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    named = (Invalid, NotAllowed, NotFound, RateLimited, Unavailable, Unexpected)
    with suppress(*named):
        value, limit = protocol.decipher(status, headers, body)
        assert 200 <= status < 300
        assert isinstance(limit, RateLimit)
        RemoteJob.from_json(value)
