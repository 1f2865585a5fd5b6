import asyncio

from bot.store.turn import Turn


async def _use(turn: Turn, seen: list[str], name: str, *, for_people: bool) -> None:
    async with turn.taken(for_people=for_people):
        seen.append(name)
        await asyncio.sleep(0)


async def test_people_go_before_loops_and_each_kind_in_order() -> None:
    turn, seen = Turn(), list[str]()
    async with turn.taken(for_people=False):
        waiting = [
            asyncio.create_task(_use(turn, seen, name, for_people=name.startswith("person")))
            for name in ("loop 1", "person 1", "loop 2", "person 2")
        ]
        await asyncio.sleep(0)
        assert seen == []
    await asyncio.gather(*waiting)
    assert seen == ["person 1", "person 2", "loop 1", "loop 2"]


async def test_never_two_at_once() -> None:
    turn, inside = Turn(), 0

    async def use(number: int) -> None:
        nonlocal inside
        async with turn.taken(for_people=bool(number % 2)):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(use(number) for number in range(50)))


async def test_whoever_gives_up_while_waiting_holds_nobody_up() -> None:
    turn, seen = Turn(), list[str]()
    async with turn.taken(for_people=True):
        first = asyncio.create_task(_use(turn, seen, "first", for_people=True))
        second = asyncio.create_task(_use(turn, seen, "second", for_people=True))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
    await second
    assert seen == ["second"]
    assert first.cancelled()


async def test_whoever_gives_up_when_given_the_turn_passes_it_on() -> None:
    turn, seen = Turn(), list[str]()
    async with turn.taken(for_people=True):
        first = asyncio.create_task(_use(turn, seen, "first", for_people=True))
        second = asyncio.create_task(_use(turn, seen, "second", for_people=True))
        await asyncio.sleep(0)
    first.cancel()  # its turn has come, but it has not run yet
    async with asyncio.timeout(1):
        await second
    assert seen == ["second"]
    async with asyncio.timeout(1), turn.taken(for_people=False):
        pass
