"""Theatres for the tests of the page; afterwards none of their pages may have complained."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import CHROMIUM, FLAGS, READ_BACK
from tests.game.client.theatre import LISTENER, QUICK, Theatre, pretended_daemon

NOT_OURS: Final = ("WebSocket connection", READ_BACK)
"""A line that a test cuts, and what a machine without a graphics card says."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"needs {CHROMIUM}")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])


@pytest.fixture(scope="session")
def daemon_at() -> Iterator[Callable[..., int]]:
    """Ports of pretended daemons: one for each set of arguments, used again and again."""
    with ExitStack() as stack:
        ports: dict[tuple[str, ...], int] = {}

        def port_of(*arguments: str) -> int:
            if arguments not in ports:
                ports[arguments] = stack.enter_context(pretended_daemon(*QUICK, *arguments))
            return ports[arguments]

        yield port_of


@pytest.fixture
def raise_curtain(
    browser: Browser, daemon_at: Callable[..., int]
) -> Iterator[Callable[..., Theatre]]:
    """Makes theatres; afterwards none of their pages may have complained."""
    complaints: list[str] = []
    pages: list[Page] = []

    def make(
        *arguments: str,
        width: int = 1_000,
        height: int = 720,
        touch: bool = False,
        may_fail: bool = False,
    ) -> Theatre:
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
        pages.append(page)
        theatre = Theatre(page, daemon_at(*arguments))
        theatre.ask("reset")
        return theatre

    yield make
    for page in pages:
        page.context.close()
    assert [said for said in complaints if not any(one in said for one in NOT_OURS)] == []


@pytest.fixture
def theatre(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain("--no-riffs")
