"""What the form becomes when the same is being built already."""

from datetime import datetime
from typing import Any, Final

from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock
from slack_sdk.models.views import View

from bot.builds.job import Job
from bot.slack.messages.words import duration, title

FORM_ANYWAY: Final = "build_form_anyway"


def form_joined(job: Job, now: datetime, private_metadata: str) -> dict[str, Any]:
    """Say that nothing new was started, and offer to start it all the same."""
    since = f" ({duration(now - job.started_at)} in)" if job.started_at else ""
    text = (
        f"#{job.id} is already building this{since}: *{title(job)}*.\n"
        "I’ll mention you too when it ends."
    )
    section = SectionBlock(block_id="joined", text=MarkdownTextObject(text=text, verbatim=True))
    view = View(
        type="modal",
        callback_id=FORM_ANYWAY,
        title="Already building",
        submit="Build anyway",
        close="Fine",
        private_metadata=private_metadata,
        blocks=[section],
    )
    shown: dict[str, Any] = view.to_dict()
    return shown
