import math

from hypothesis import given
from hypothesis import strategies as st

from bot.builds.durations import EDGES, lasting, log_normal, mixed

MIDDLES, WIDTHS = st.floats(0, 10), st.floats(0.04, 2)


@given(MIDDLES, WIDTHS, st.floats(0, 20_000))
def test_what_lies_ahead_is_the_tail(middle: float, width: float, elapsed: float) -> None:
    durations = lasting(log_normal(middle, width), 0.5)
    pieces = list(durations.ahead(elapsed))
    assert math.isinf(pieces[-1][1])
    assert math.isclose(
        elapsed + sum(length for _, length in pieces[:-1]), max(elapsed, EDGES[-2]), abs_tol=1e-6
    )


def test_half_is_over_at_the_middle_and_none_at_the_first_edge() -> None:
    over = log_normal(math.log(EDGES[80]), 0.35)
    assert over[0] == 0
    assert math.isclose(over[80], 0.5)
    assert over[-1] > 0.999


def test_a_mixture_has_the_weight_of_its_parts() -> None:
    short, long = log_normal(math.log(EDGES[40]), 0.04), log_normal(math.log(EDGES[120]), 0.04)
    assert math.isclose(mixed([(3.0, short), (1.0, long)])[80], 0.75, abs_tol=1e-6)
