"""A page of the client that measures itself, in a real browser, served by a daemon of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Any, Final

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS: Final = 120_000


def browser_path() -> str:
    """Where a Chromium is; ends with a sentence where there is none."""
    found = next(filter(None, map(which, BROWSERS)), None)
    if found is None:
        sys.exit("no Chromium is here; `make test` installs one where it may")
    return found


def measured(page: str) -> Mapping[str, Any]:
    """What a page below `client/` says of itself once it is ready; its query is part of `page`."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home:
        subprocess.run([POPCTL, "up", "--home", home], check=True, stdout=subprocess.DEVNULL)
        try:
            origin = json.loads((Path(home) / "running.json").read_text())["page"].partition("#")[0]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path(), args=[*FLAGS])
                tab = browser.new_page(viewport={"width": 1280, "height": 800})
                tab.goto(f"{origin}client/{page}")
                result = tab.get_by_text('"ready":true')
                found: Mapping[str, Any] = json.loads(result.inner_text(timeout=PATIENCE_MS))
                browser.close()
        finally:
            subprocess.run([POPCTL, "down", "--home", home], check=True, stdout=subprocess.DEVNULL)
    return found
