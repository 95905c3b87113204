"""The browser of the walks: the machine's Chromium, or the one that `make test` put in place."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The path that `make test` found, `$LIANSHANG_CHROMIUM`, or what is on PATH."""
    kept = ROOT / "build" / "chromium.path"
    candidates = [os.environ.get("LIANSHANG_CHROMIUM", ""), kept.read_text().strip() if kept.exists() else "", *NAMES]
    return next((found for name in candidates if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """From here on Playwright's loop runs in this thread, and Django's guard against loops has to be lifted for good."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = chromium()
    if not path:
        pytest.fail("no Chromium: run `make test`, which installs one, or set LIANSHANG_CHROMIUM")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 or Path("/.dockerenv").exists() else []
    return {**browser_type_launch_args, "executable_path": path, "args": [*sandbox, *QUIET]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
