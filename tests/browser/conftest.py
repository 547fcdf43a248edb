from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's own Chromium, headless; playwright downloads nothing."""
    executable = shutil.which("chromium")
    assert executable is not None, "chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        # A sandbox of its own needs privileges that a container does not give; the page is our own file.
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()
