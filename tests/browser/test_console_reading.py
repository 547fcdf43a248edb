"""The console in a real browser: why a host failed, ledgers, coverage, waivers; each page quiet and accessible."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.console_stage import PAGES, ConsoleStage, console_stage
from tests.fakes.browsing import SCREENS, violations
from tests.fakes.console import ConsolePage

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs_chromium


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleStage]:
    """Four small hosts, a run in which two failed and one had hostile evidence, and the console."""
    with console_stage(tmp_path_factory.mktemp("console")) as started:
        yield started


def test_failed_host_tells_its_step_exit_status_and_remedy(browser: Any, stage: ConsoleStage) -> None:
    """From the run's gaps an engineer comes to the step that failed, what it printed, and what to do."""
    with ConsolePage(browser, stage.address) as console:
        page = console.page
        console.visit(f"#/run/{stage.ended.run.id}")
        page.locator(f"a[href$='{stage.fleet.ids['scanner_crashes']}']").first.click()
        console.settle()
        page.get_by_role("region", name="Why").get_by_text("Remedy").wait_for()
        step = page.get_by_role("button", name=re.compile("^Run")).first
        assert "Failed" in step.inner_text()
        assert re.search(r"exit [1-9]", step.inner_text())
        assert step.get_attribute("aria-pressed") == "true"
        assert "scanner_failed" in page.locator(".why").inner_text()


@pytest.mark.parametrize("name", ["reason_invented", "evidence_hostile"])
def test_what_a_host_says_is_shown_and_never_obeyed(browser: Any, stage: ConsoleStage, name: str) -> None:
    """Markup from a host is text, and control characters and marks of direction are seen."""
    with ConsolePage(browser, stage.address) as console:
        for tab in ("invocation", "items"):
            console.visit(f"#/host/{stage.ended.run.id}/{stage.host(name)}?tab={tab}")
            console.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            assert (
                console.page.locator("main script, main img, main iframe, main b b, main a[href^='javascript']").count()
                == 0
            )
            shown = console.page.inner_text("main")
            assert not re.search(
                "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown
            )
        assert console.said == []


def test_ledger_is_filtered_and_found_again_by_its_address(browser: Any, stage: ConsoleStage) -> None:
    """State and search narrow the lines; the address holds them, so that it can be sent to a colleague."""
    with ConsolePage(browser, stage.address) as console:
        page = console.page
        console.visit(f"#/run/{stage.ended.run.id}?tab=instances")
        page.get_by_label("State").select_option("scan_failed")
        page.get_by_text("2 lines").wait_for()
        page.get_by_label("Search").fill(stage.fleet.ids["reason_invented"])
        page.get_by_text("1 line", exact=True).wait_for()
        assert "state=scan_failed" in page.url
        page.reload()
        console.settle()
        page.get_by_text("1 line", exact=True).wait_for()


def test_coverage_and_waivers_tell_what_needs_somebody(browser: Any, stage: ConsoleStage) -> None:
    """A sweep shows how many instances are managed; a waiver until when it holds; an expired one comes first."""
    sweep = stage.sweep()
    waiver = {
        "applies_to": "finding", "item": "U-01", "scope": {"organization": True}, "owner": "team@example.com",
        "approver": "ciso@example.com", "ticket": "SEC-1", "reason": "It is replaced.",
    }  # fmt: skip
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    terms = {
        "soon": (now - dt.timedelta(days=9), now + dt.timedelta(days=3)),
        "over": (now - dt.timedelta(days=9), now - dt.timedelta(days=2)),
    }
    told = {
        name: {"approved_at": f"{start:%FT%TZ}", "expires_at": f"{end:%FT%TZ}"} for name, (start, end) in terms.items()
    }
    stage.put_waivers(*({**waiver, "id": name, **times} for name, times in told.items()))
    with ConsolePage(browser, stage.address) as console:
        console.visit("#/coverage")
        assert re.search(r"\d+ of \d+ running instances are managed", console.page.inner_text("main h2 >> nth=0"))
        assert sweep in console.page.inner_text("main")
        console.visit("#/waivers")
        rows = console.page.locator("main tbody tr").all_inner_texts()
        assert ["Expired" in rows[0], "2 days ago" in rows[0]] == [True, True]
        assert "Lapses soon" in rows[1]
        stage.put_waivers({"id": "no more than that"})
        console.visit("#/runs")
        console.visit("#/waivers")
        assert "No waiver holds" in console.page.inner_text("main [role=alert]")
        stage.put_waivers()


def test_ledger_of_ten_thousand_lines_is_read_page_by_page(browser: Any, stage: ConsoleStage) -> None:
    """However long a ledger is, the page asks for a hundred lines at a time."""
    line = {**stage.ended.ledger[0], "kind": "instance"}

    def answer(route: Any) -> None:
        offset = int(re.search(r"offset=(\d+)", route.request.url)[1])  # type: ignore[index]
        lines = [{**line, "instance": f"i-{number:017x}"} for number in range(offset, offset + 100)]
        route.fulfill(json={"total": 10_000, "lines": lines})

    with ConsolePage(browser, stage.address) as console:
        console.page.route("**/ledger?*", answer)
        console.visit(f"#/run/{stage.ended.run.id}?tab=instances")
        assert console.page.locator("main tbody tr").count() == 100
        console.page.get_by_role("button", name="Next").click()
        console.page.get_by_text("101 to 200 of 10,000").wait_for()
        assert console.page.locator("main tbody tr").count() == 100


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_silent_and_fit(browser: Any, stage: ConsoleStage, screen: str) -> None:
    """No page logs anything, breaks its policy, asks another host, or has to be scrolled sideways."""
    with ConsolePage(browser, stage.address, **SCREENS[screen]) as console:
        wide = []
        for name in PAGES:
            console.visit(stage.page(name))
            wide += [name] if console.is_too_wide() else []
        assert wide == []
        assert console.said == []
        assert console.foreign_requests() == []


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_accessible(browser: Any, stage: ConsoleStage, screen: str) -> None:
    """axe-core finds nothing on any page, in both themes and on a phone."""
    # The checker injects itself as a script, which the page's own policy rightly refuses.
    with ConsolePage(browser, stage.address, **SCREENS[screen], bypass_csp=True) as console:
        found = {}
        for name in PAGES:
            console.visit(stage.page(name))
            found[name] = violations(console)
        assert {name: broken for name, broken in found.items() if broken} == {}
