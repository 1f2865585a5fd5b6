"""No secret is left in anything that is shown."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telemetry.redaction import Redactor

SECRET = "s3cr3t-value"
redact = Redactor([SECRET, f"{SECRET}-longer", "abc", ""])

nested = st.recursive(
    st.none() | st.integers() | st.text() | st.binary(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each) | st.tuples(each, each),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"with {SECRET}.", "with [hidden]."),
        (f"with {SECRET}-longer.", "with [hidden]."),
        ("xoxb-1-2-AbC", "[hidden]"),
        ("token_xoxb-1-2-AbC", "token_[hidden]"),
        ("xoxe.xoxp-1-abc, xapp-1-A-2-b", "xoxe.[hidden], [hidden]"),
        ("Authorization: Bearer abc.def/==", "Authorization: Bearer [hidden]"),
        ("{'authorization': 'bearer x'}", "{'authorization': '[hidden] [hidden]'}"),
        ("?token=abc&id=1", "?token=[hidden]&id=1"),
        ('{"token": "abc", "id": 1}', '{"token": "[hidden]", "id": 1}'),
        ('{\\"token\\": \\"abc\\"}', '{\\"token\\": \\"[hidden]\\"}'),
        ("SLACK_SIGNING_SECRET='abc'", "SLACK_SIGNING_SECRET='[hidden]'"),
        ("the token: invalid_auth", "the token: invalid_auth"),
    ],
)
def test_secrets_in_text(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("get https://a.io/b?c=d now", "get https://a.io/… now"),
        ("https://a.io:8443/b'c\"d<e>f|g,h", "https://a.io:8443/…"),
        ("HTTPS://a.io?b=c", "HTTPS://a.io/…"),
        ("https://a.io#b", "https://a.io/…"),
        ("(https://a.io), https://b.io/c", "(https://a.io/…), https://b.io/…"),
        ("<https://a.io/b|here>", "<https://a.io/…"),
        ("URL('https://a.io/b') failed", "URL('https://a.io/… failed"),
        ("wss://a.io/link/?ticket=b", "wss://a.io/…"),
        ("postgresql+asyncpg://me:pw@db/bot", "postgresql+asyncpg://db/…"),
        (r'{"u":"https:\/\/a.io\/b?c"}', '{"u":"https://a.io/…'),
        ("?to=https%3A%2F%2Fa.io%2Fb%3Fc", "?to=https://a.io/…"),
        ("no: //comment and a/b", "no: //comment and a/b"),
    ],
)
def test_urls_keep_their_host_alone(text: str, left: str) -> None:
    assert redact(text) == left


def test_what_is_no_secret_stays_as_it_is() -> None:
    value = {"job": 142, "ok": True, "none": None, "seconds": 1.5, "names": ["Level 3", "abc"]}
    assert redact(value) == value


def test_values_beside_the_name_of_a_secret() -> None:
    given = {"Token": "abcd", "bot_token": b"abcd", "tokens": 3, "token": None, "is_token": True}
    hidden = "[hidden]"
    assert redact(given) == given | {"Token": hidden, "bot_token": hidden}


def test_every_other_object_is_shown_as_redacted_text() -> None:
    assert redact(ValueError(f"no {SECRET}")) == "no [hidden]"
    assert redact({SECRET}) == ["[hidden]"]
    assert redact(SECRET.encode()) == "b'[hidden]'"


@given(nested, st.sampled_from([SECRET, "xoxb-12-ab", "https://a.io/private"]), st.data())
def test_nothing_gets_through_however_deep(value: object, secret: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["key", "item", "tuple", "set", "text"]))
    hidden = {
        "key": {"a": {secret: value}},
        "item": {"a": [value, {"b": [secret]}]},
        "tuple": (value, (f"-{secret} ",)),
        "set": [{secret}, frozenset({secret})],
        "text": f"{value!r} {secret}",
    }[kind]
    shown = json.dumps(redact(hidden), ensure_ascii=False)
    assert all(part not in shown for part in parts(secret))


def parts(secret: str) -> Iterator[str]:
    yield secret
    yield secret.removeprefix("https://a.io/")
