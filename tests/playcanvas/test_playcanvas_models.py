from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.playcanvas import (
    App,
    Branch,
    Checkpoint,
    Limits,
    RemoteJob,
    RemoteStatus,
    Scene,
    Unexpected,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)

JOBS: dict[str, Any] = {
    "app export, as documented": {
        "id": 1,
        "status": "complete",
        "messages": ["One", "Two"],
        "created_at": "2018-09-07T16:04:49.517000",
        "modified_at": "2018-09-07T16:05:12.001000",
        "data": {
            "download_url": "https://downloads.example.com/a?Signature=x%2Fy&n=1",
            "engineVersion": "2.20.6",
            "concatenate": True,
        },
    },
    "archive": {"id": 2, "status": "complete", "data": {"url": "https://example.com/p.zip"}},
    "old script's reading": {"id": 3, "status": "complete", "url": "http://example.com/o.zip"},
    "app export wins over the others": {
        "id": 4,
        "status": "complete",
        "url": "https://example.com/top",
        "data": {"url": "https://example.com/data", "download_url": "https://example.com/right"},
    },
    "complete without a link": {"id": 5, "status": "complete", "data": {"download_url": None}},
    "complete with a useless link": {
        "id": 6,
        "status": "complete",
        "data": {"url": "javascript:1"},
    },
    "link with blanks and mrkdwn": {
        "id": 7,
        "status": "complete",
        "data": {"download_url": "https://example.com/Fruit Rush|<!here>é%20.zip"},
    },
    "running, null messages": {"id": 8, "status": "running", "messages": None, "data": None},
    "error, one text for messages": {"id": 9, "status": "error", "messages": "Could not export"},
    "error, odd messages": {
        "id": 10,
        "status": "error",
        "messages": ["", None, 7, "  spaced ", {"message": "inside"}],
    },
    "error, said elsewhere": {"id": 11, "status": "error", "error": "Out of memory"},
    "zones, engine of the request": {
        "id": 12,
        "status": "running",
        "created_at": "2025-03-01T10:00:00Z",
        "modified_at": "2025-03-01T12:00:00+02:00",
        "data": {"engine_version": "1.77.3"},
    },
    "unreadable dates": {"id": 13, "status": "running", "created_at": "soon", "modified_at": 5},
    "unknown fields, id as a text": {"id": "14", "status": "running", "news": {"x": []}},
    "what no database takes": {"id": 15, "status": "error", "messages": ["a\0b\ud800c"]},
}


@pytest.mark.parametrize("case", JOBS)
def test_jobs_of_both_generations(case: str, snapshot: SnapshotAssertion) -> None:
    assert RemoteJob.from_json(JOBS[case]) == snapshot


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"error": "Job not found"}, "no job id in it, it says “Job not found”"),
        ({"id": 1, "error": "Oops"}, "no status in it, it says “Oops”"),
        ({"id": 1, "error": {"message": "Deep"}}, "it says “Deep”"),
        ({"id": 1, "status": "queued"}, "the unknown status “queued”"),
        ({"id": 1, "status": ["running"]}, "the unknown status"),
        ({"id": 1, "status": None}, "no status in it"),
        ({"id": 1}, "no status in it"),
        ({"status": "running"}, "no job id in it"),
        ({"id": True, "status": "running"}, "no job id in it"),
        ({"id": -1, "status": "running"}, "no job id in it"),
        ({"id": 2**63, "status": "running"}, "no job id in it"),
        ([], "no job in it"),
        (None, "no job in it"),
        ("complete", "it says “complete”"),
    ],
)
def test_what_is_no_job(value: object, reason: str) -> None:
    with pytest.raises(Unexpected) as caught:
        RemoteJob.from_json(value)
    assert reason in caught.value.sentence


def test_an_answer_may_leave_out_the_id_that_was_asked_for() -> None:
    assert RemoteJob.from_json({"status": "running"}, asked=7).id == 7
    assert RemoteJob.from_json({"id": 7, "status": "running"}, asked=7).id == 7


def test_another_job_than_asked_is_not_taken_for_it() -> None:
    with pytest.raises(Unexpected, match="job 8 instead of 7"):
        RemoteJob.from_json({"id": 8, "status": "complete"}, asked=7)


def test_the_link_is_a_secret() -> None:
    assert "example.com" not in repr(RemoteJob.from_json(JOBS["archive"]))


def test_dates_without_a_zone_are_utc() -> None:
    job = RemoteJob.from_json(JOBS["app export, as documented"])
    assert job.created_at == datetime(2018, 9, 7, 16, 4, 49, 517000, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(["id", "status", "messages", "data", "url"]), JSON) | JSON)
def test_any_json_is_a_job_or_unexpected(value: object) -> None:
    try:
        job = RemoteJob.from_json(value)
    except Unexpected:
        return
    assert job.status in RemoteStatus
    for text in (*job.messages, job.url or ""):
        assert "\0" not in text.encode().decode()


@given(st.datetimes().map(datetime.isoformat) | st.text())
def test_any_date_is_aware_or_nothing(written: str) -> None:
    job = RemoteJob.from_json({"id": 1, "status": "running", "created_at": written})
    assert job.created_at is None or job.created_at.tzinfo is UTC


def test_a_scene(snapshot: SnapshotAssertion) -> None:
    found = {
        "id": 470001,
        "projectId": 543988,
        "name": "Level 3",
        "created": "2020-01-01T00:00:00.000000",
        "modified": "2024-02-29T10:11:12.131415",
    }
    assert Scene.from_json(found) == snapshot


def test_a_branch(snapshot: SnapshotAssertion) -> None:
    found = {
        "id": "2cb1d8cb-1b4d-4d8c-8c1d-9e25f4a3e7d1",
        "projectId": 543988,
        "name": "main",
        "createdAt": "2020-01-01T00:00:00.000000",
        "closed": False,
        "latestCheckpointId": "c7e1",
        "user": {"id": 1, "fullName": "Ann", "username": "ann"},
    }
    assert Branch.from_json(found) == snapshot
    assert Branch.from_json(found | {"closed": True}).closed


def test_a_checkpoint(snapshot: SnapshotAssertion) -> None:
    found: dict[str, Any] = {
        "id": "c7e1",
        "user": {"id": 1, "fullName": "Ann", "username": "ann"},
        "createdAt": "2024-02-29T10:11:12.131415",
        "description": "New jump\n\nHigher.",
    }
    assert Checkpoint.from_json(found) == snapshot
    found["user"] = {"fullName": "", "username": "ann"}
    assert Checkpoint.from_json(found).author == "ann"
    assert Checkpoint.from_json({"id": "c7e1", "user": None}).author is None


def test_an_app(snapshot: SnapshotAssertion) -> None:
    found = {
        "id": 9,
        "name": "Fruit Rush",
        "version": "1.2",
        "release_notes": "Pears",
        "size": 1234,
        "views": 5,
        "completed_at": "2024-02-29T10:11:12.131415",
        "url": "https://playcanv.as/b/9",
        "thumbnails": {"s": "https://example.com/s.jpg"},
    }
    assert App.from_json(found) == snapshot


def test_limits() -> None:
    found = {"normal": 120, "strict": 5, "assets": 1, "post": 1, "download": 1}
    assert Limits.from_json(found) == Limits(normal=120, strict=5)
    assert Limits.from_json({"strict": 5, "normal": "many"}) == Limits(normal=None, strict=5)
    # As much as nobody asks for, and what fits in any database.
    assert Limits.from_json({"strict": 10**12}) == Limits(normal=None, strict=1_000_000)


@pytest.mark.parametrize("value", [{}, [], {"normal": 0, "strict": 0}, {"error": "No"}, None])
def test_no_limits(value: object) -> None:
    with pytest.raises(Unexpected):
        Limits.from_json(value)


@pytest.mark.parametrize("read", [Scene.from_json, Branch.from_json, Checkpoint.from_json])
def test_only_the_id_cannot_be_done_without(read: Callable[[object], object]) -> None:
    read({"id": 1, "name": None, "user": 7, "modified": {}, "projectId": "x"})
    with pytest.raises(Unexpected, match="no id in it"):
        read({"name": "Level 3"})


@given(JSON | st.dictionaries(st.sampled_from(["id", "name", "user", "url", "closed"]), JSON))
def test_any_json_is_an_entry_or_unexpected(value: object) -> None:
    for model in (Scene, Branch, Checkpoint, App, Limits):
        try:
            model.from_json(value)
        except Unexpected:
            continue
