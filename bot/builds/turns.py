"""Turns: in which order waiting jobs start, so that no channel holds up the others."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush


def in_turn(waiting: Sequence[tuple[int, str]], started: Mapping[str, int]) -> Iterator[int]:
    """Yield the numbers of waiting jobs: the channel with the fewest started jobs goes first.

    `waiting` are numbers with their channels, in order of asking, which decides between equals.
    """
    lines: defaultdict[str, deque[int]] = defaultdict(deque)
    for number, channel in waiting:
        lines[channel].append(number)
    turns = [(started.get(channel, 0), line[0], channel) for channel, line in lines.items()]
    heapify(turns)
    while turns:
        count, number, channel = heappop(turns)
        yield number
        lines[channel].popleft()
        if lines[channel]:
            heappush(turns, (count + 1, lines[channel][0], channel))
