"""Opens a page in the user's browser, where there is a screen to show it on."""

import os
import sys
import webbrowser


def open_page(url: str) -> bool:
    """Whether a browser was asked to show the page; never starts one inside the terminal."""
    has_screen = sys.platform == "darwin" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    return has_screen and webbrowser.open(url)
