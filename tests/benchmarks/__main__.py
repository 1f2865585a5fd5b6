"""Every figure, each as a ratio within one run.

python -m tests.benchmarks [--short] [--json] [NAME …]
"""

from contextlib import nullcontext

import click

from tests.benchmarks import ack, reply, requests, restart, scale, waiting
from tests.benchmarks.databases import shared_server
from tests.benchmarks.table import show

# A figure is a file with `measure(*, short)`, and one line here.
FIGURES = {
    "waiting": waiting.measure,
    "surprises": waiting.measure_surprises,
    "requests": requests.measure,
    "scale": scale.measure,
    "restart": restart.measure,
    "ack": ack.measure,
    "reply": reply.measure,
}
_ON_SERVERS = {"scale", "restart", "ack"}


@click.command()
@click.option("--short", is_flag=True, help="Shows that each runs, not how well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.argument("names", nargs=-1, type=click.Choice(list(FIGURES)))
def main(*, short: bool, as_json: bool, names: tuple[str, ...]) -> None:
    """Measure and print all figures, or those named."""
    chosen = names or tuple(FIGURES)
    # At length each has a server of its own: one that a million rows were just written to is busy.
    shares = short and not _ON_SERVERS.isdisjoint(chosen)
    with shared_server() if shares else nullcontext():
        rows = [row for name in chosen for row in FIGURES[name](short=short)]
    show(rows, as_json=as_json)


if __name__ == "__main__":
    main()
