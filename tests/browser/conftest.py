"""A node with practice neighbours, and a browser that looks at it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.player import popctl
from tests.chromium import CHROMIUM, FLAGS, READ_BACK


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The page of a node with its four practice neighbours."""
    said = popctl(tmp_path, "up", "--practice", "--no-open")
    found = re.search(r"http://127\.0\.0\.1:\d+/#token=\S+", said)
    assert found is not None, said
    yield found.group()
    popctl(tmp_path, "down")


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A page that looks at the node, and is closed before it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        shown = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        complaints: list[str] = []
        shown.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.goto(address)
        yield shown
        browser.close()
        assert [said for said in complaints if READ_BACK not in said] == []
