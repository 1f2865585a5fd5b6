"""Prove by breaking that nothing is lost and nothing is said twice.

    python -m tests.chaos --database sqlite --builds 500 --kills 100
    python -m tests.chaos --database postgresql --workers 3

Ends with 0 when the sandbox's books show every accepted build with one card and one reply.
"""

import asyncio
import logging
import sys
import time

import click

from tests.chaos.ledger import Ledger
from tests.chaos.run import Chaos, Plan, run


@click.command()
@click.option("--builds", default=500, show_default=True, help="How many are accepted.")
@click.option("--kills", default=100, show_default=True, help="How many processes are killed.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite")
@click.option("--workers", type=click.Choice(["1", "3"]), default="1", help="On PostgreSQL.")
@click.option("--seed", default=1, show_default=True, help="The same chances again.")
@click.option("--away", default=120.0, show_default=True, help="For how long Slack is gone, in s.")
def main(*, builds: int, kills: int, database: str, workers: str, seed: int, away: float) -> None:
    """Kill the bot at every row of its crash table, in bad weather, and count."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    plan = Plan(builds, kills, database, int(workers), seed, away)
    began = time.monotonic()
    chaos, ledger = asyncio.run(run(plan))
    _show(plan, chaos, ledger, time.monotonic() - began)
    sys.exit(1 if ledger.differences else 0)


def _show(plan: Plan, chaos: Chaos, ledger: Ledger, took: float) -> None:
    processes = len(chaos.fleet.machines)
    click.echo(f"{plan.database}, {processes} processes, seed {plan.seed}, {took:.0f} s")
    _table("killed", dict(chaos.killed))
    _table("nobody came by", dict(chaos.missed))
    _table("weather", dict(chaos.weather.met))
    _table("counted", ledger.figures)
    for difference in ledger.differences:
        click.echo(f"DIFFERENCE {difference}")
    total = sum(chaos.killed.values())
    click.echo(
        f"{len(chaos.people.accepted)} builds through {total} kills:"
        f" {ledger.lost} lost, {ledger.doubled} doubled, {len(ledger.differences)} differences"
    )


def _table(name: str, figures: dict[str, int]) -> None:
    for each, number in figures.items():
        click.echo(f"{name:>14}  {number:6}  {each}")


if __name__ == "__main__":
    main()
