"""The report in a real browser: quiet, accessible, readable on a phone, complete on paper."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.browsing import SCREENS, Opened, violations

pytestmark = pytest.mark.needs_chromium

EXAMPLE = Path(__file__).parents[1] / "unit" / "reporting" / "example_run.py"


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
        assert violations(opened) == []


@pytest.mark.parametrize("screen", ["dark", "phone"])
def test_host_pages_are_silent_accessible_and_fit(browser: Any, report: Path, screen: str) -> None:
    """A host's page and the list of hosts log nothing, never scroll sideways, and axe-core finds nothing in them."""
    hosts = report.parent / "hosts"
    for path in (hosts / "index.html", min(hosts.glob("[0-9]*.html"))):
        with Opened(browser, path, **SCREENS[screen], bypass_csp=True) as opened:
            assert (opened.said, opened.asked) == ([], [path.as_uri()])
            assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert violations(opened) == []


def test_report_leads_to_a_host_and_back_by_keyboard(browser: Any, report: Path) -> None:
    """A link with the focus and the Enter key lead to a host's page, and another one back."""
    with Opened(browser, report) as opened:
        opened.page.locator(".host .meta a").first.press("Enter")
        opened.page.wait_for_url("**/hosts/*.html")
        assert opened.page.locator(".finding").count() == 16
        opened.page.locator(".eyebrow a").first.press("Enter")
        opened.page.wait_for_url(report.as_uri())


def test_map_fits_on_paper_and_keeps_its_figures(browser: Any, report: Path) -> None:
    """On paper the map of accounts and items is as wide as the sheet, with each figure inside of its cell."""
    with Opened(browser, report, viewport={"width": 688, "height": 1000}) as opened:
        opened.page.emulate_media(media="print")
        wide = "[...document.querySelectorAll('.heat')].filter((one) => one.offsetWidth > innerWidth).length"
        assert opened.page.evaluate(wide) == 0
        spilled = "[...document.querySelectorAll('.heat td')].filter((one) => one.scrollWidth > one.clientWidth).length"
        assert opened.page.evaluate(spilled) == 0


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
