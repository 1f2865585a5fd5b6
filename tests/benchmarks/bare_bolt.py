"""The baseline: a bare Bolt app with its default runner, which acks and stores nothing."""

import sys

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.benchmarks.signing import SECRET


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Know the workspace without asking Slack, as the bot does after its first time."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-1")


app = AsyncApp(signing_secret=SECRET, authorize=authorize)


@app.command("/build")
async def build(ack: AsyncAck) -> None:
    """Ack, and that is all."""
    await ack("accepted")


if __name__ == "__main__":
    app.start(port=int(sys.argv[1]), path="/slack/events")
