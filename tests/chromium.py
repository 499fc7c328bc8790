"""Debian's browser, as the tests drive it: quiet, and without a sandbox, as root needs it."""

from typing import Final

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READ_BACK: Final = "GPU stall due to ReadPixels"
"""What it complains of where no graphics card is, and a picture of WebGL is read back."""
