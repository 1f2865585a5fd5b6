"""Commands as Slack sends them: form-encoded and signed."""

import time
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

SECRET = "a-secret-for-measuring"


def command(
    number: int, team_id: str, channel_id: str = "C0BUILDS001", version: str | None = None
) -> tuple[str, dict[str, str]]:
    """Write the body and the headers of one /build, like no other."""
    # Who asks for what is being built already joins it: here each asks for another version.
    version = version or f"{number}.{time.time_ns() % 10**12}"
    body = urlencode(
        {
            "command": "/build",
            "text": f'543988 "Level 3" version={version}',
            "team_id": team_id,
            "channel_id": channel_id,
            "user_id": "U0MINA00001",
            "trigger_id": f"{number}.{time.time_ns()}",
            "response_url": "http://127.0.0.1:9/response",
        }
    )
    now = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    return body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(signature),
    }
