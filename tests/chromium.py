"""Chromium as the distribution packages it: where it is, and how it is started without a screen."""

from __future__ import annotations

import shutil

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--in-process-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The quickest first: it shows the same pages without having windows."""


class ChromiumMissing(RuntimeError):
    """Chromium was not found; the message says how to install it."""

    def __init__(self) -> None:
        super().__init__(
            "Chromium is needed and not on this machine. Run `make test` as root, or install it: "
            "apt-get install chromium fonts-noto-core"
        )


def executable() -> str:
    """The program in PATH. Raises ChromiumMissing."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    raise ChromiumMissing
