from bot.builds.turns import in_turn


def test_one_channel_starts_in_order_of_asking() -> None:
    assert list(in_turn([(1, "C1"), (2, "C1"), (5, "C1")], {"C1": 4})) == [1, 2, 5]


def test_many_of_one_channel_hold_nobody_up() -> None:
    waiting = [*((number, "C1") for number in range(1, 6)), (6, "C2"), (7, "C2")]
    assert list(in_turn(waiting, {})) == [1, 6, 2, 7, 3, 4, 5]
    assert list(in_turn(waiting, {"C1": 3})) == [6, 7, 1, 2, 3, 4, 5]
    assert list(in_turn(waiting, {"C1": 1, "C2": 4})) == [1, 2, 3, 4, 6, 5, 7]


def test_nobody_waits_in_an_empty_line() -> None:
    assert list(in_turn([], {"C1": 1})) == []
