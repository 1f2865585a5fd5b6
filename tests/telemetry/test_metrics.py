"""Figures as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from bot.telemetry import Metrics


def figures(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Read what is rendered: the name and the values of the labels, to the figure."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith(("_created", "_bucket"))
    }


def test_what_is_noted_is_what_is_rendered() -> None:
    metrics = Metrics()
    metrics.commanded("build", "accepted")
    metrics.commanded("build", "accepted")
    metrics.commanded("build", "usage")
    metrics.acked(0.2)
    metrics.playcanvas_called("job", "ok", 1.5)
    metrics.playcanvas_called("job", "RateLimited", 0.5)
    metrics.slack_called("chat.update", "ok")
    metrics.budget_waited("strict", 12)
    metrics.replied(2)
    metrics.doubted("found")
    metrics.gave_up("reply")
    metrics.counted({"running": 3, "ready": 9}, pending=4, age=1.25)
    assert figures(metrics) == {
        ("bot_commands_total", "build", "accepted"): 2,
        ("bot_commands_total", "build", "usage"): 1,
        ("bot_ack_seconds_count",): 1,
        ("bot_ack_seconds_sum",): 0.2,
        ("bot_playcanvas_call_seconds_count", "ok", "job"): 1,
        ("bot_playcanvas_call_seconds_sum", "ok", "job"): 1.5,
        ("bot_playcanvas_call_seconds_count", "RateLimited", "job"): 1,
        ("bot_playcanvas_call_seconds_sum", "RateLimited", "job"): 0.5,
        ("bot_slack_calls_total", "chat.update", "ok"): 1,
        ("bot_budget_wait_seconds_count", "strict"): 1,
        ("bot_budget_wait_seconds_sum", "strict"): 12,
        ("bot_reply_lag_seconds_count",): 1,
        ("bot_reply_lag_seconds_sum",): 2,
        ("bot_posts_in_doubt_total", "found"): 1,
        ("bot_notices_given_up_total", "reply"): 1,
        ("bot_jobs", "running"): 3,
        ("bot_jobs", "ready"): 9,
        ("bot_outbox_pending",): 4,
        ("bot_outbox_age_seconds",): 1.25,
    }


def test_a_state_that_no_job_is_in_any_more_is_gone() -> None:
    metrics = Metrics()
    metrics.counted({"queued": 2, "ready": 1}, pending=1, age=1)
    metrics.counted({"ready": 3}, pending=0, age=0)
    assert [key for key in figures(metrics) if key[0] == "bot_jobs"] == [("bot_jobs", "ready")]


def test_an_ack_within_slacks_limit_is_told_from_one_beyond_it() -> None:
    metrics = Metrics()
    metrics.acked(2.9)
    metrics.acked(3.1)
    assert b'bot_ack_seconds_bucket{le="3.0"} 1.0' in metrics.render()


def test_each_has_its_own_registry() -> None:
    one, other = Metrics(), Metrics()
    one.commanded("build", "accepted")
    assert ("bot_commands_total", "build", "accepted") not in figures(other)


def test_the_content_type_is_the_one_prometheus_asks_for() -> None:
    assert Metrics.CONTENT_TYPE.startswith("text/plain; version=")
