"""A headless Chromium for the page's tests, and a stage or the real sandbox for it to talk to."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    async_playwright,
)

from bot.sandbox.house import Sandbox
from bot.sandbox.slack.installation import Command, Installation, Shortcut
from tests.sandbox.page.page_bot import Bot
from tests.sandbox.page.page_stage import Stage

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Any other host fails to load, which the page's console tells and the tests see.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
INSTALLED = Installation(
    commands=(
        Command("/build", "Build a PlayCanvas app", '<project> "<scene>"'),
        Command("/builds", "What was built here", "[mine]"),
    ),
    shortcuts=(Shortcut("rebuild", "Rebuild"),),
)

Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("The demo page is tested in Chromium, and no `chromium` is installed here.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One profile for all tests, whose cache holds the page's files."""
    context = await browser.new_context(
        locale="en-GB", timezone_id="Europe/Berlin", viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(5000)
    yield context
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def theatre() -> AsyncIterator[Stage]:
    stage = Stage()
    runner = web.AppRunner(stage.app(), shutdown_timeout=0.2)
    stage.url = await _listen(runner)
    yield stage
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(theatre: Stage) -> AsyncIterator[Stage]:
    theatre.clear()
    yield theatre
    await theatre.cut()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """The real thing, as the demo runs it, without its limits on posting."""
    async with Sandbox() as sandbox:
        sandbox.slack.core.pace.lift()
        sandbox.slack.core.installation = INSTALLED
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        bot = Bot(sandbox, session)
        runner = web.AppRunner(bot.app(), shutdown_timeout=0.2)
        sandbox.slack.deliver_to(await _listen(runner))
        yield bot
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(context: BrowserContext) -> AsyncIterator[Visit]:
    """Open the page as someone; at the end no script may have failed and no one else been asked."""
    trouble: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        # A refused connection while the server is away is what some tests are about.
        away = "WebSocket" in message.text or "ERR_CONNECTION_REFUSED" in message.text
        if message.type in {"error", "warning"} and not away:
            trouble.append(message.text)

    def fail(error: Error) -> None:
        trouble.append(str(error))

    async def visit(url: str, user: str = "U1", place: str = "C1") -> Page:
        page = spare.pop() if spare else await context.new_page()
        visited.append(page)
        page.on("pageerror", fail)
        page.on("console", complain)
        await page.goto(f"{url}/?user={user}#{place}")
        await page.get_by_role("heading", level=1).wait_for()
        return page

    # A tab that is there already opens three times as fast as a new one.
    spare = context.pages[:1]
    visited: list[Page] = []
    yield visit
    for page in visited:
        page.remove_listener("pageerror", fail)
        page.remove_listener("console", complain)
    for page in context.pages[1:]:
        await page.close()
    for page in context.pages:
        await page.goto("about:blank")
    assert trouble == []


async def _listen(runner: web.AppRunner) -> str:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
