"""Which links are accepted, and how an iPhone gets them."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.applivery.location import Location, itms_url

SIGNED = "https://cdn.example.com/a%20b/manifest.plist?Expires=1&Signature=x~y/z%2B=#top"


@pytest.mark.parametrize(
    "text",
    [
        SIGNED,
        "https://user@[2001:db8::1]:8443/app.apk",
        "HTTPS://CDN.EXAMPLE.COM/app.apk",
        "http://127.0.0.1:8080/app.apk",
        "http://[::1]/app.apk",
        "http://localhost/app.apk",
    ],
)
def test_https_or_loopback_is_accepted_unchanged(text: str) -> None:
    assert Location.from_header(text).url == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https:",
        "https:///app.apk",
        "//cdn.example.com/app.apk",
        "/app.apk",
        "http://cdn.example.com/app.apk",
        "http://127.0.0.1.example.com/app.apk",
        "http://localhost@example.com/app.apk",
        "http://127.0.0.2/app.apk",
        "itms-services://?url=https://cdn.example.com",
        "javascript:alert(1)",
        "https://[broken/app.apk",
        "https://cdn.example.com:port/app.apk",
        "https://cdn.example.com/\r\nSet-Cookie: a",
        "https://cdn.example.com/\udc80",
    ],
)
def test_anything_else_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="Location") as caught:
        Location.from_header(text)
    assert "cdn" not in str(caught.value)


def test_what_is_illegal_in_a_url_is_encoded() -> None:
    location = Location.from_header('https://cdn.example.com/ä b|c>"d".apk')
    assert location.url == "https://cdn.example.com/%C3%A4%20b%7Cc%3E%22d%22.apk"


def test_the_itms_link_to_the_letter() -> None:
    location = Location.from_header("https://cdn.example.com/m.plist?a=1&b=x%2Fy")
    assert itms_url(location) == (
        "itms-services://?action=download-manifest"
        "&url=https%3A%2F%2Fcdn.example.com%2Fm.plist%3Fa%3D1%26b%3Dx%252Fy"
    )


@given(st.text())
def test_an_iphone_finds_exactly_the_location_in_the_itms_link(path: str) -> None:
    try:
        location = Location.from_header(f"https://cdn.example.com/{path}")
    except ValueError:
        assert not path.isprintable()
        return
    asked = parse_qs(urlsplit(itms_url(location)).query)
    assert asked == {"action": ["download-manifest"], "url": [location.url]}
    assert location.url.isascii()
