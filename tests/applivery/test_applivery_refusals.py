"""Which error an answer becomes: the code first, the status second, the step always."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.applivery import protocol
from bot.applivery.errors import (
    AppliveryError,
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    OtherError,
    PlanExcludes,
    QuotaUsedUp,
    RateLimited,
    TokenSpent,
    Unavailable,
    UnexpectedAnswer,
)
from bot.applivery.location import Location
from bot.applivery.models import Step
from bot.applivery.refusals import Answer, decipher

MINT, RESOLVE, DETAILS = Step
BOTH = (MINT, RESOLVE)

TABLE = [
    (BOTH, 400, 5014, BuildNotProcessed),
    ((DETAILS,), 400, 5014, BuildNotProcessed),
    ((MINT, DETAILS), 401, 4002, CredentialRefused),
    ((MINT, DETAILS), 401, 4004, CredentialRefused),
    ((MINT, DETAILS), 401, 4005, CredentialRefused),
    ((MINT, DETAILS), 401, None, CredentialRefused),
    ((MINT, DETAILS), 403, None, CredentialRefused),
    ((MINT, DETAILS), 404, 3001, NotFound),
    ((MINT, DETAILS), 404, None, NotFound),
    ((RESOLVE,), 401, 4005, TokenSpent),
    ((RESOLVE,), 401, None, TokenSpent),
    ((RESOLVE,), 404, 3001, TokenSpent),
    ((RESOLVE,), 404, None, TokenSpent),
    (Step, 402, 5003, QuotaUsedUp),
    (Step, 403, 5004, PlanExcludes),
    (Step, 429, None, RateLimited),
    (Step, 429, 9999, RateLimited),
    (Step, 500, None, Unavailable),
    (Step, 503, 9999, Unavailable),
    (Step, 400, 9999, OtherError),
    (Step, 403, 9999, OtherError),
    ((RESOLVE,), 401, 4002, OtherError),
    (Step, 400, None, UnexpectedAnswer),
    (Step, 200, None, UnexpectedAnswer),
]


def refused(step: Step, status: int, body: object, **headers: str) -> AppliveryError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(AppliveryError) as caught:
        decipher(step, Answer(status, named, raw, ("s3cret", "s3cret%2B")))
    assert caught.value.step is step
    assert str(caught.value) == caught.value.sentence
    return caught.value


@pytest.mark.parametrize(
    ("step", "status", "code", "kind"),
    [(step, status, code, kind) for steps, status, code, kind in TABLE for step in steps],
)
def test_every_row_of_the_table(
    step: Step, status: int, code: int | None, kind: type[AppliveryError]
) -> None:
    error = {} if code is None else {"code": code, "message": "Words"}
    assert type(refused(step, status, {"status": False, "error": error})) is kind


@pytest.mark.parametrize("step", BOTH)
@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
@pytest.mark.parametrize("code", [5014, "5014"])
def test_the_code_decides_whatever_the_status(step: Step, status: int, code: object) -> None:
    body = {"status": False, "error": {"code": code}}
    assert type(refused(step, status, body)) is BuildNotProcessed


def test_unknown_has_another_sentence_at_each_step() -> None:
    body = {"status": False, "error": {"code": 3001, "message": "Entity not found"}}
    first, second = (refused(step, 404, body).sentence for step in BOTH)
    assert first != second


@pytest.mark.parametrize(
    ("figures", "sentence", "limit", "num"),
    [
        ({"limit": 1000, "num": 1001}, "used up: 1,001 of 1,000.", 1000, 1001),
        ({"limit": "50", "num": "50"}, "used up: 50 of 50.", 50, 50),
        ({"limit": True}, "is used up.", None, None),
        (None, "is used up.", None, None),
        ([1], "is used up.", None, None),
    ],
)
def test_the_figures_of_the_quota(
    figures: object, sentence: str, limit: int | None, num: int | None
) -> None:
    error = refused(MINT, 400, {"status": False, "error": {"code": 5003, "data": figures}})
    assert isinstance(error, QuotaUsedUp)
    assert error.sentence.endswith(sentence)
    assert (error.limit, error.num) == (limit, num)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ({"code": 77, "message": "New words"}, "Applivery error 77: New words"),
        ({"code": 77, "msg": "Old words"}, "Applivery error 77: Old words"),
        ({"code": 77, "message": "  two\n\tlines\x00 "}, "Applivery error 77: two lines"),
        ({"code": 77, "message": "half a \ud83d"}, "Applivery error 77: half a"),
        ({"code": 77, "message": 5}, "Applivery error 77: no message"),
        ({"code": True, "message": "Odd"}, "Applivery error HTTP 418: Odd"),
        ("Just words", "Applivery error HTTP 418: Just words"),
        ({"code": 77, "message": "It was s3cret!"}, "Applivery error 77: It was …!"),
    ],
)
def test_the_servers_words(error: object, sentence: str) -> None:
    assert refused(MINT, 418, {"status": False, "error": error}).sentence == sentence


def test_long_words_are_cut() -> None:
    error = refused(MINT, 400, {"status": False, "error": {"code": 1, "message": "word " * 9999}})
    assert len(error.sentence) < 400


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry_After": "30"}, 30),
        ({"retry_after": " 0 "}, 0),
        ({}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "9" * 400}, None),
        ({"Retry_After": "Thu, 09 Jul 2026 10:00:20 GMT"}, None),
        (
            {
                "Retry_After": "Thu, 09 Jul 2026 10:00:20 GMT",
                "Date": "Thu, 09 Jul 2026 10:00:00 GMT",
            },
            20,
        ),
        (
            {
                "Retry_After": "Thu, 09 Jul 2026 09:00:00 GMT",
                "Date": "Thu, 09 Jul 2026 10:00:00 GMT",
            },
            0,
        ),
    ],
)
def test_retry_after(headers: dict[str, str], pause: int | None) -> None:
    error = refused(RESOLVE, 429, b"Too Many Requests", **headers)
    assert isinstance(error, RateLimited)
    assert error.retry_after == (None if pause is None else timedelta(seconds=pause))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<html>", b"[" * 200_000, b"{", b"1" * 5000])
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    assert isinstance(refused(MINT, 200, body), Unavailable)


def test_a_success_is_its_data() -> None:
    assert decipher(MINT, Answer(201, {}, b'{"status": true, "data": [1], "error": null}')) == [1]
    assert decipher(MINT, Answer(200, {}, b'{"data": 5}')) == 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.booleans() | JSON,
        "data": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "token": st.text() | JSON,
                "expiresAt": st.text() | JSON,
                "id": st.text() | JSON,
                "items": JSON,
                "info": JSON,
                "sdk": JSON,
                "size": JSON,
                "tags": JSON,
                "os": JSON,
            },
        ),
        "error": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "code": st.sampled_from([3001, 4002, 4004, 4005, 5003, 5004, 5014]) | JSON,
                "message": JSON,
                "data": JSON,
            },
        ),
    },
)
BODIES = st.binary() | (ENVELOPES | JSON).map(lambda found: json.dumps(found).encode())
HEADERS = st.dictionaries(
    st.sampled_from(["Location", "retry-after", "Date", "content-type"]),
    st.text() | st.just("Thu, 09 Jul 2026 10:00:20 GMT") | st.integers().map(str),
)
READERS: list[Callable[[Answer], object]] = [
    protocol.read_token,
    protocol.read_location,
    protocol.read_build,
    protocol.read_builds,
    protocol.read_app,
]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(READERS), st.integers(100, 599), HEADERS, BODIES)
def test_any_answer_becomes_a_value_or_a_named_error(
    read: Callable[[Answer], object], status: int, headers: dict[str, str], body: bytes
) -> None:
    value, error = outcome(read, Answer(status, headers, body))
    if error is not None:
        assert type(error) is not AppliveryError
        assert error.sentence.isprintable()
        error.sentence.encode()
    else:
        assert 300 <= status < 400 if isinstance(value, Location) else 200 <= status < 300
        str(value).encode()


def outcome(
    read: Callable[[Answer], object], answer: Answer
) -> tuple[object, AppliveryError | None]:
    try:
        return read(answer), None
    except AppliveryError as error:
        return None, error
