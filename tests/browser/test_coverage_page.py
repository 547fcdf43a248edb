"""The page of a sweep in a real browser: quiet, accessible, readable on a phone, complete on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.reporting.coverage.html import render_coverage
from tests.fakes.browsing import SCREENS, Opened, violations
from tests.fakes.coverage import line, summary, whole

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs_chromium


@pytest.fixture(scope="module", params=["en", "ko"])
def coverage_page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a sweep in which everything occurs, in each language."""
    path = tmp_path_factory.mktemp("coverage") / "coverage.html"
    path.write_text(render_coverage(*whole(), request.param), encoding="utf-8")
    return path


@pytest.mark.parametrize("screen", SCREENS)
def test_page_is_silent_and_fits(browser: Any, coverage_page: Path, screen: str) -> None:
    """The page logs nothing, asks no host for anything, applies its style and never scrolls sideways."""
    with Opened(browser, coverage_page, **SCREENS[screen]) as opened:
        assert opened.said == []
        assert opened.asked == [coverage_page.as_uri()]
        opened.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # The policy names the style sheet by its hash: a wrong hash would leave the page without any style.
        assert opened.page.evaluate("getComputedStyle(document.querySelector('.unseen')).position") == "absolute"


@pytest.mark.parametrize("screen", SCREENS)
def test_page_is_accessible(browser: Any, coverage_page: Path, screen: str) -> None:
    """axe-core finds nothing in the page, with the figures of every sweep opened."""
    # The checker injects itself as a script, which the page's own policy rightly refuses.
    with Opened(browser, coverage_page, **SCREENS[screen], bypass_csp=True) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert violations(opened) == []


def test_long_names_do_not_widen_a_phone(browser: Any, tmp_path: Path) -> None:
    """Names and details without a place to break them stay inside of a narrow screen."""
    endless = "x" * 300
    lines = [line(1, instance_name=endless, account_name=endless, detail=endless, role=endless)]
    path = tmp_path / "coverage.html"
    path.write_text(render_coverage(summary(lines, requester=endless), lines), encoding="utf-8")
    with Opened(browser, path, **SCREENS["phone"]) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_cell_of_the_map_leads_to_what_is_unmanaged_there(browser: Any, coverage_page: Path) -> None:
    """A click on a cell brings its account-region's row into view, and a click on a cause there its instances."""
    with Opened(browser, coverage_page, **SCREENS["desktop"]) as opened:
        opened.page.click(".map .some a >> nth=0")
        row = opened.page.locator(":target")
        assert row.evaluate("(one) => one.matches('.places tr')")
        row.locator("td a").first.click()
        assert opened.page.locator(":target").evaluate("(one) => one.matches('.unmanaged tbody')")


def test_paper_shows_everything(browser: Any, coverage_page: Path, tmp_path: Path) -> None:
    """On paper the figures of every sweep are shown, nothing is cut at the side, and a PDF of A4 pages comes out."""
    with Opened(browser, coverage_page, viewport={"width": 688, "height": 1000}) as opened:
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate("document.querySelector('.sweeps').offsetHeight") > 0
        wide = "[...document.querySelectorAll('table')].filter((one) => one.offsetWidth > innerWidth).length"
        assert opened.page.evaluate(wide) == 0
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        pdf = opened.page.pdf(path=str(tmp_path / "coverage.pdf"), prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") >= 4
