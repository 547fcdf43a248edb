"""The report in a real browser: quiet, accessible, readable on a phone, complete on paper."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs_chromium

EXAMPLE = Path(__file__).parents[1] / "unit" / "reporting" / "example_run.py"


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


@pytest.fixture(scope="module", params=["en", "ko"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example run, in each language."""
    spec = importlib.util.spec_from_file_location("example_run", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    path = tmp_path_factory.mktemp("report") / "report.html"
    example.main(str(path), request.param)
    return path


class Opened:
    """A page that has been opened, and everything it said and asked for."""

    def __init__(self, browser: Any, report: Path, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(report.as_uri())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


@pytest.mark.parametrize("screen", SCREENS)
def test_page_is_silent_and_fits(browser: Any, report: Path, screen: str) -> None:
    """The page logs nothing, asks no host for anything, applies its style and never scrolls sideways."""
    with Opened(browser, report, **SCREENS[screen]) as opened:
        assert opened.said == []
        assert opened.asked == [report.as_uri()]
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # The policy names the style sheet by its hash: a wrong hash would leave the page without any style.
        assert opened.page.evaluate("getComputedStyle(document.querySelector('.unseen')).position") == "absolute"


@pytest.mark.parametrize("screen", SCREENS)
def test_page_is_accessible(browser: Any, report: Path, screen: str) -> None:
    """axe-core finds nothing in the page, with every host opened."""
    # The checker injects itself as a script, which the page's own policy rightly refuses.
    with Opened(browser, report, **SCREENS[screen], bypass_csp=True) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = Axe().run(opened.page).response["violations"]
        assert [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_script_in_evidence_does_not_run(browser: Any, report: Path, tmp_path: Path) -> None:
    """Even a script that found its way into the page would not run: the policy refuses it."""
    broken = tmp_path / "broken.html"
    page = report.read_text(encoding="utf-8").replace("</main>", "<script>document.title = 'ran'</script></main>")
    broken.write_text(page, encoding="utf-8")
    with Opened(browser, broken) as opened:
        assert opened.page.title() != "ran"
        assert any("Content Security Policy" in line for line in opened.said)


def test_paper_shows_every_host_opened(browser: Any, report: Path, tmp_path: Path) -> None:
    """On paper closed details are shown, nothing is cut at the side, and a PDF of several A4 pages comes out."""
    with Opened(browser, report, viewport={"width": 688, "height": 1000}) as opened:
        opened.page.emulate_media(media="print")
        hidden = opened.page.evaluate(
            "[...document.querySelectorAll('.finding')].filter((one) => one.offsetHeight === 0).length",
        )
        assert hidden == 0
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        pdf = opened.page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") >= 10
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf
