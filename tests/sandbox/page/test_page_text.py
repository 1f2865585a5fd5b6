"""What someone writes, as the page shows it: mrkdwn, plain and rich text, never markup."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.page.conftest import Visit
from tests.sandbox.page.page_stage import PAGE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

RENDER = """async ([module, name, value]) => {
  const maker = (await import(`/page/${module}.js`))[name];
  const world = {
    me: "U1",
    users: new Map([["U1", {id: "U1", name: "maya", real_name: "Maya"}],
                    ["U2", {id: "U2", name: "jo", real_name: "Jo <b>"}]]),
    channels: new Map([["C1", {id: "C1", name: "builds"}]]),
  };
  const box = document.createElement("div");
  box.append(...[maker(value, world)].flat());
  for (const node of box.querySelectorAll("[title]")) node.removeAttribute("title");
  return box.innerHTML;
}"""
LINK = 'target="_blank" rel="noopener noreferrer"'
MRKDWN = {
    "plain": ("plain", "plain"),
    "*bold* _it_ ~no~": ("*bold* _it_ ~no~", "<strong>bold</strong> <em>it</em> <s>no</s>"),
    "nested": ("*a _b_ c*", "<strong>a <em>b</em> c</strong>"),
    "snake_case_stays": ("a snake_case_name", "a snake_case_name"),
    "2 * 3 * 4": ("2 * 3 * 4", "2 * 3 * 4"),
    "around a link": (
        "*<https://a.example/x?a=1&amp;b=2|go>*",
        f'<strong><a href="https://a.example/x?a=1&amp;b=2" {LINK}>go</a></strong>',
    ),
    "code": ("`*a* &lt;b&gt;`", "<code>*a* &lt;b&gt;</code>"),
    "fence": ("x\n```\n*a*\nb\n```\ny", 'x<pre class="code">*a*\nb</pre>y'),
    "open fence": ("a ```b", "a ```b"),
    "quote": ("&gt; one\n&gt; two\nthree", "<blockquote>one<br>two</blockquote>three"),
    "lines": ("one\n\ntwo", "one<br><br>two"),
    "me": ("<@U1>", '<span class="mention me">@Maya</span>'),
    "someone": ("<@U2>", '<span class="mention">@Jo &lt;b&gt;</span>'),
    "stranger": ("<@U9|zoe>", '<span class="mention">@zoe</span>'),
    "channel": ("<#C1>", '<a class="mention" href="#C1">#builds</a>'),
    "everyone": ("<!channel>", '<span class="mention me">@channel</span>'),
    "escaped": ("&lt;!channel&gt; &amp;amp; &lt;@U1&gt;", "&lt;!channel&gt; &amp;amp; &lt;@U1&gt;"),
    "date": (
        "<!date^1700000000^at {time}, {date_num}|later>",
        '<time datetime="2023-11-14T22:13:20.000Z">at 23:13, 14/11/2023</time>',
    ),
    "bad date": ("<!date^soon^{time}|later>", "later"),
    "bare": (
        "see https://a.example/b.",
        f'see <a href="https://a.example/b" {LINK}>https://a.example/b</a>.',
    ),
    "script link": ("<javascript:alert(1)|go>", "&lt;javascript:alert(1)|go&gt;"),
    "data link": ("<data:text/html,x>", "&lt;data:text/html,x&gt;"),
    "markup": ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
    "unknown emoji": (":no_such_thing: 10:30:45", ":no_such_thing: 10:30:45"),
}


async def test_mrkdwn_becomes_nodes(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    shown = {
        name: await page.evaluate(RENDER, ["mrkdwn", "mrkdwn", text])
        for name, (text, _) in MRKDWN.items()
    }
    assert shown == {name: html for name, (_, html) in MRKDWN.items()}


async def test_the_bots_emoji_are_drawn_and_others_are_characters(
    visit: Visit, stage: Stage
) -> None:
    page = await visit(stage.url)
    drawn = await page.evaluate(RENDER, ["mrkdwn", "mrkdwn", ":white_check_mark::fire:"])
    assert 'aria-label="white check mark emoji"><svg' in drawn
    assert 'href="/page/emoji.svg#white_check_mark"' in drawn
    assert 'aria-label="fire emoji">🔥' in drawn


async def test_every_drawn_emoji_and_icon_is_in_its_sprite(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    drawn = await page.evaluate("import('/page/emoji.js').then(({DRAWN}) => [...DRAWN])")
    assert set(drawn) == _symbols(PAGE / "emoji.svg")
    used = {
        name
        for module in PAGE.glob("*.js")
        for call in re.findall(r"icon\(([^()]*)\)", module.read_text())
        for name in re.findall(r'"([a-z-]+)"', call)
    }
    assert used <= _symbols(PAGE / "icons.svg")
    assert len(used) > 10


def _symbols(sprite: Path) -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', sprite.read_text()))


async def test_plain_text_knows_emoji_and_nothing_else(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)
    text = {"type": "plain_text", "text": "*a* <b> &amp; :fire:"}
    shown = await page.evaluate(RENDER, ["text", "plainNodes", text])
    assert shown.startswith("*a* &lt;b&gt; &amp;amp; <span")
    without = await page.evaluate(RENDER, ["text", "plainNodes", text | {"emoji": False}])
    assert without == "*a* &lt;b&gt; &amp;amp; :fire:"


async def test_rich_text(visit: Visit, stage: Stage) -> None:
    page = await visit(stage.url)

    def text(words: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": words, "style": style}

    def part(kind: str, *elements: dict[str, Any], **more: object) -> dict[str, Any]:
        return {"type": f"rich_text_{kind}", "elements": list(elements), **more}

    date = {"type": "date", "timestamp": 1700000000, "format": "{time}", "fallback": "x"}
    block = {
        "type": "rich_text",
        "elements": [
            part("section", text("a", bold=True, italic=True), text("<i>"), text("c", code=True)),
            part(
                "section",
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "broadcast", "range": "here"},
                {"type": "link", "url": "https://a.example/", "text": "go"},
                {"type": "link", "url": "javascript:alert(1)", "text": "no"},
                {"type": "link", "url": "itms-services://?url=x", "text": "install"},
                date,
            ),
            part("list", part("section", text("one")), style="ordered", indent=1, offset=2),
            part("list", part("section", text("two", strike=True)), style="bullet"),
            part("quote", text("said")),
            part("preformatted", text("x\ny")),
        ],
    }
    shown = await page.evaluate(RENDER, ["richtext", "richText", block])
    assert shown == (
        '<div class="rich-text">'
        '<div class="rich-section"><em><strong>a</strong></em>&lt;i&gt;<code>c</code></div>'
        '<div class="rich-section"><span class="mention me">@Maya</span>'
        '<a class="mention" href="#C1">#builds</a><span class="mention me">@here</span>'
        f'<a href="https://a.example/" {LINK}>go</a>no'
        '<a href="itms-services://?url=x">install</a>'
        '<time datetime="2023-11-14T22:13:20.000Z">23:13</time></div>'
        '<ol class="indent-1" start="3"><li>one</li></ol>'
        '<ul class="indent-0"><li><s>two</s></li></ul>'
        "<blockquote>said</blockquote>"
        '<pre class="code">x<br>y</pre></div>'
    )


async def test_a_hostile_message_stays_text(visit: Visit, stage: Stage) -> None:
    bad = "<img src=x onerror=\"document.title='had'\"><script>document.title='had'</script>"
    plain = {"type": "plain_text", "text": bad}
    stage.history["C1"] = [
        {"ts": "1700000000.1", "user": "U2", "text": bad},
        {
            "ts": "1700000001.1",
            "bot_id": "B1",
            "username": bad,
            "text": bad,
            "blocks": [
                {"type": "header", "block_id": "h", "text": plain},
                {
                    "type": "section",
                    "block_id": bad,
                    "text": {"type": "mrkdwn", "text": bad},
                    "accessory": {
                        "type": "button",
                        "action_id": bad,
                        "url": "javascript:document.title='had'",
                        "text": plain,
                    },
                },
                {"type": "image", "image_url": "javascript:alert(1)", "alt_text": bad},
                {"type": bad},
            ],
        },
    ]
    page = await visit(stage.url)
    await page.get_by_role("button", name="<img").click()
    assert (await stage.heard("press"))["action_id"] == bad
    assert await page.locator("#feed img, #feed script, #feed a").count() == 0
    assert await page.title() == "#builds · Fruit Studio"
