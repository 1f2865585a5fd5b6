"""How often what is tried again, with no client and no clock."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from bot.applivery.models import Step
from bot.applivery.patience import pause_after

LIMITED = RateLimited(Step.MINT, None)
LOST = Unavailable(Step.RESOLVE, "HTTP 502")
SPENT = TokenSpent(expired=True)
FINAL = [
    BuildNotProcessed(Step.MINT),
    CredentialRefused(Step.MINT),
    NotFound(Step.MINT),
    QuotaUsedUp(Step.MINT, 1, 1),
    PlanExcludes(Step.MINT),
    UnexpectedAnswer(Step.MINT, "odd"),
    OtherError(Step.MINT, 1, "odd", status=400),
]


def seconds(*failures: AppliveryError) -> list[float | None]:
    pauses = [pause_after(failures[: count + 1]) for count in range(len(failures))]
    return [None if pause is None else pause.total_seconds() for pause in pauses]


def test_each_reaction_has_its_own_tries() -> None:
    assert seconds(LIMITED, LIMITED, LIMITED, LIMITED) == [2, 4, 8, None]
    assert seconds(LOST, LOST, LOST) == [1, 2, None]
    assert seconds(SPENT, TokenSpent(expired=False)) == [0, None]
    assert seconds(LOST, LIMITED, SPENT, LOST, LIMITED) == [1, 2, 0, 2, 4]


@pytest.mark.parametrize("error", FINAL, ids=lambda error: type(error).__name__)
def test_what_asking_again_cannot_change(error: AppliveryError) -> None:
    assert seconds(error) == [None]


@pytest.mark.parametrize(("asked", "given"), [(0, 0), (8, 8), (9, None), (3600, None)])
def test_retry_after_within_reason(asked: int, given: int | None) -> None:
    assert seconds(RateLimited(Step.MINT, timedelta(seconds=asked))) == [given]


@given(st.lists(st.sampled_from([LIMITED, LOST, SPENT, *FINAL]), min_size=7, max_size=20))
def test_no_order_of_failures_is_endless(failures: list[AppliveryError]) -> None:
    assert None in seconds(*failures)
