"""Theatres for the tests of the page; afterwards none of their pages may have complained."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.game.client.theatre import CHROMIUM, FLAGS, LISTENER, QUICK, Theatre, pretended_daemon


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs {CHROMIUM}")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])


@pytest.fixture
def raise_curtain(browser: Browser) -> Iterator[Callable[..., Theatre]]:
    """Makes theatres; afterwards none of their pages may have complained."""
    complaints: list[str] = []
    open_daemons: list[Any] = []

    def make(
        *arguments: str,
        width: int = 1_000,
        height: int = 720,
        touch: bool = False,
        may_fail: bool = False,
    ) -> Theatre:
        daemon = pretended_daemon(*QUICK, *arguments)
        port = daemon.__enter__()
        size: Any = {"width": width, "height": height}
        page = browser.new_context(viewport=size, has_touch=touch).new_page()
        page.add_init_script(LISTENER)
        page.on(
            "console",
            lambda said: (
                None
                if may_fail and "Failed to load" in said.text
                else complaints.append(f"{said.type}: {said.text}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        open_daemons.append((daemon, page))
        return Theatre(page, port)

    yield make
    for daemon, page in open_daemons:
        page.context.close()
        daemon.__exit__(None, None, None)
    assert [said for said in complaints if "WebSocket connection" not in said] == []


@pytest.fixture
def theatre(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain("--no-riffs")
