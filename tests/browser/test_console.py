"""The console in a real browser, on the embedded AWS: start a scan, watch it, find out why a host failed, read it all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.cli import runs
from tests.fakes.browsing import SCREENS, violations
from tests.fakes.console import ConsolePage, served
from tests.faulty_fleet import HEALTHY, FaultyFleet, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

pytestmark = pytest.mark.needs_chromium

BROKEN = ("scanner_crashes", "reason_invented", "evidence_hostile")
LONGEST_SCAN = 120_000
PLACES = {
    "runs": "#/runs",
    "run": "#/run/{run}",
    "instances": "#/run/{run}?tab=instances",
    "files": "#/run/{run}?tab=files",
    "failed host": "#/host/{run}/{failed}",
    "items": "#/host/{run}/{healthy}?tab=items",
    "history": "#/host/{run}/{healthy}?tab=history",
    "start": "#/start?like={run}",
    "executions": "#/executions",
    "coverage": "#/coverage",
    "waivers": "#/waivers",
    "replay": "#/replay",
    "nowhere": "#/nowhere",
}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyFleet]:
    """Four small hosts, three of which can be broken."""
    with faulty_fleet(tmp_path_factory.mktemp("console"), BROKEN) as started:
        yield started


@pytest.fixture(scope="module")
def ended(fleet: FaultyFleet) -> Ended:
    """A run with two hosts that failed and one whose evidence is hostile."""
    return fleet.scan(BROKEN)


@pytest.fixture(scope="module")
def address(fleet: FaultyFleet) -> Iterator[str]:
    """The console over it, allowed to start scans."""
    with served(fleet.aws.deployment) as where:
        yield where


def named(fleet: FaultyFleet, name: str) -> str:
    """A host as account/region/id."""
    account, region = fleet.account_region
    return f"{account}/{region}/{fleet.ids[name]}"


def place(name: str, fleet: FaultyFleet, ended: Ended) -> str:
    """The address of one of the pages, within the console."""
    hosts = {"failed": named(fleet, "scanner_crashes"), "healthy": named(fleet, HEALTHY)}
    return PLACES[name].format(run=ended.run.id, **hosts)


def test_token_leaves_the_address_at_once(browser: Any, address: str) -> None:
    """What the address bar, a bookmark or a screenshot shows holds no token, and a reload needs none."""
    with ConsolePage(browser, address) as console:
        assert "token" not in console.page.url
        console.page.reload()
        console.settle()
        assert console.page.inner_text("h1") == "Runs"


def test_page_without_its_token_says_how_to_get_it(browser: Any, address: str) -> None:
    """Whoever opens the address without the token is told where the whole one is, and sees nothing else."""
    with ConsolePage(browser, address.partition("#")[0]) as console:
        assert "opened without its token" in console.page.inner_text("h1")
        assert console.page.locator("main table").count() == 0


def test_scan_is_started_from_the_form_and_watched_to_its_end(
    browser: Any, address: str, fleet: FaultyFleet, ended: Ended
) -> None:
    """An operator names an instance, sees what it comes to, confirms, and watches until the report can be opened."""
    assert ended.status == "SUCCEEDED"
    with ConsolePage(browser, address) as console:
        page = console.page
        page.get_by_role("link", name="Start a scan").first.click()
        page.get_by_role("radio", name=re.compile("Instances")).check()
        page.get_by_role("textbox", name=re.compile("One on each line")).fill(named(fleet, HEALTHY))
        page.locator("[data-pointer='/checks'] textarea").fill("U-01")
        estimate = page.get_by_role("complementary", name="Estimate")
        estimate.get_by_text("about 1").wait_for()
        assert '"U-01"' in estimate.locator("pre").inner_text()
        estimate.get_by_role("button", name="Start the scan").click()
        dialog = page.get_by_role("dialog")
        assert "1 instance, named one by one" in dialog.inner_text()
        dialog.get_by_role("button", name="Start the scan").click()
        page.get_by_role("heading", name=re.compile(r"^\d{8}T\d{6}Z-")).wait_for()
        page.get_by_role("heading", name="Complete", exact=True).wait_for(timeout=LONGEST_SCAN)
        assert page.locator(".figures .high dd").inner_text() == "1"
        with console.context.expect_page() as opened:
            page.get_by_role("button", name="Open the report").click()
        opened.value.wait_for_load_state()
        assert opened.value.locator("h1").count() == 1
        assert console.said == []


def test_fault_stands_beside_its_field(browser: Any, address: str) -> None:
    """What is wrong with a request is said where it was typed, to eyes and to screen readers, and nothing starts."""
    with ConsolePage(browser, address) as console:
        page = console.page
        console.visit("#/start")
        start = page.get_by_role("button", name="Start the scan")
        start.click()
        page.get_by_text("Choose what to scan.").wait_for()
        page.get_by_role("radio", name=re.compile("Whole organization")).check()
        page.get_by_text("Advanced").click()
        seconds = page.get_by_role("spinbutton", name="Time for one host (seconds)")
        seconds.fill("5")
        fault = page.locator("[data-pointer='/execution_timeout_seconds'] .faults p")
        fault.wait_for()
        assert "5" in fault.inner_text()
        assert seconds.get_attribute("aria-invalid") == "true"
        assert page.evaluate(
            "(id) => document.getElementById(id).innerText", seconds.get_attribute("aria-describedby").split()[-1]
        )
        start.click()
        assert page.get_by_role("dialog").count() == 0


def test_organization_is_picked_from_its_tree(browser: Any, address: str, fleet: FaultyFleet) -> None:
    """A search finds an account, ticking it makes the request, and the question before the start counts it."""
    account, _ = fleet.account_region
    with ConsolePage(browser, address) as console:
        page = console.page
        console.visit("#/start")
        page.get_by_role("radio", name=re.compile("Accounts")).check()
        page.get_by_role("searchbox", name="Search by name or id").fill(account)
        boxes = page.locator(".tree-box input")
        assert boxes.count() == 1
        boxes.check()
        page.get_by_role("complementary").get_by_text(account).wait_for()
        page.get_by_role("button", name="Start the scan").click()
        dialog = page.get_by_role("dialog")
        assert "1 account in" in dialog.inner_text()
        page.keyboard.press("Escape")
        assert dialog.count() == 0


def test_failed_host_tells_its_step_exit_status_and_remedy(
    browser: Any, address: str, fleet: FaultyFleet, ended: Ended
) -> None:
    """From the run's gaps an engineer comes to the step that failed, what it printed, and what to do."""
    with ConsolePage(browser, address) as console:
        page = console.page
        console.visit(f"#/run/{ended.run.id}")
        page.locator(f"a[href$='{fleet.ids['scanner_crashes']}']").first.click()
        console.settle()
        page.get_by_role("region", name="Why").get_by_text("Remedy").wait_for()
        step = page.get_by_role("button", name=re.compile("^Run")).first
        assert "Failed" in step.inner_text()
        assert re.search(r"exit [1-9]", step.inner_text())
        assert step.get_attribute("aria-pressed") == "true"
        assert "scanner_failed" in page.locator(".why").inner_text()


@pytest.mark.parametrize("name", ["reason_invented", "evidence_hostile"])
def test_what_a_host_says_is_shown_and_never_obeyed(
    browser: Any, address: str, fleet: FaultyFleet, ended: Ended, name: str
) -> None:
    """Markup from a host is text, and control characters and marks of direction are seen."""
    with ConsolePage(browser, address) as console:
        for tab in ("invocation", "items"):
            console.visit(f"#/host/{ended.run.id}/{named(fleet, name)}?tab={tab}")
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


def test_ledger_is_filtered_and_found_again_by_its_address(
    browser: Any, address: str, fleet: FaultyFleet, ended: Ended
) -> None:
    """State and search narrow the lines; the address holds them, so that it can be sent to a colleague."""
    with ConsolePage(browser, address) as console:
        page = console.page
        console.visit(f"#/run/{ended.run.id}?tab=instances")
        page.get_by_label("State").select_option("scan_failed")
        page.get_by_text("2 lines").wait_for()
        page.get_by_label("Search").fill(fleet.ids["reason_invented"])
        page.get_by_text("1 line", exact=True).wait_for()
        assert "state=scan_failed" in page.url
        page.reload()
        console.settle()
        page.get_by_text("1 line", exact=True).wait_for()


def test_ledger_of_ten_thousand_lines_is_read_page_by_page(browser: Any, address: str, ended: Ended) -> None:
    """However long a ledger is, the page asks for a hundred lines at a time."""
    line = {**ended.ledger[0], "kind": "instance"}

    def answer(route: Any) -> None:
        offset = int(re.search(r"offset=(\d+)", route.request.url)[1])  # type: ignore[index]
        lines = [{**line, "instance": f"i-{number:017x}"} for number in range(offset, offset + 100)]
        route.fulfill(json={"total": 10_000, "lines": lines})

    with ConsolePage(browser, address) as console:
        console.page.route("**/ledger?*", answer)
        console.visit(f"#/run/{ended.run.id}?tab=instances")
        assert console.page.locator("main tbody tr").count() == 100
        console.page.get_by_role("button", name="Next").click()
        console.page.get_by_text("101 to 200 of 10,000").wait_for()
        assert console.page.locator("main tbody tr").count() == 100


def test_language_is_switched_and_remembered(browser: Any, address: str, ended: Ended) -> None:
    """Everything turns Korean at once, also what the server tells, and stays so."""
    with ConsolePage(browser, address) as console:
        page = console.page
        console.visit("#/start")
        page.get_by_role("button", name="한국어").click()
        page.get_by_role("heading", name="점검 시작").wait_for()
        page.get_by_role("group", name="점검 범위").wait_for()
        page.get_by_role("group", name="리전").wait_for()
        page.reload()
        console.visit(f"#/run/{ended.run.id}")
        page.get_by_role("heading", name="점검 미완료").wait_for()
        assert page.get_attribute("html", "lang") == "ko"


def test_read_only_console_offers_no_action(browser: Any, fleet: FaultyFleet, ended: Ended) -> None:
    """Where nothing may be started nothing offers it, and who comes to the form is told why it is not there."""
    with served(fleet.aws.deployment, may_start=False) as address, ConsolePage(browser, address) as console:
        assert "Read-only" in console.page.inner_text(".place")
        for name in ("runs", "run", "failed host"):
            console.visit(place(name, fleet, ended))
            offered = console.page.locator("a[href^='#/start'], button:has-text('Stop'), button:has-text('Start')")
            assert offered.count() == 0
        console.visit("#/start")
        assert "--allow-start" in console.page.inner_text("main")
        assert console.page.locator("main form").count() == 0


def test_running_scan_is_stopped_after_a_question(browser: Any, address: str, fleet: FaultyFleet) -> None:
    """Stop asks first; then the run ends, and the page says that it was stopped."""
    fleet.aws.cloud.fleet.break_host(fleet.ids["scanner_crashes"], "scanner_hangs")
    limits = {"execution_timeout_seconds": 120, "checks": ["U-01"]}
    run = fleet.aws.start({"instances": [named(fleet, "scanner_crashes")]}, **limits)
    try:
        with ConsolePage(browser, address) as console:
            page = console.page
            console.visit(f"#/run/{run.id}")
            page.get_by_role("button", name="Stop", exact=True).click()
            dialog = page.get_by_role("dialog")
            assert run.id in dialog.inner_text()
            dialog.get_by_role("button", name="Stop", exact=True).click()
            page.locator(".facts [data-status='stopped'], .facts [data-status='ABORTED']").wait_for(
                timeout=LONGEST_SCAN
            )
    finally:
        fleet.aws.cloud.fleet.mend_host(fleet.ids["scanner_crashes"])
        assert runs.status(fleet.aws.deployment, run)["status"] != runs.RUNNING


def test_everything_is_reached_by_keyboard(browser: Any, address: str, fleet: FaultyFleet, ended: Ended) -> None:
    """The first key leads past the navigation, arrows move among tabs, and a new page takes the focus to its title."""
    with ConsolePage(browser, address) as console:
        page = console.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        console.visit(place("run", fleet, ended))
        assert page.evaluate("document.activeElement.tagName") == "H1"
        page.get_by_role("tab", name="Overview").focus()
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("tab", name="Instances").get_attribute("aria-selected") == "true"
        assert page.evaluate("document.activeElement.getAttribute('role')") == "tab"


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_silent_and_fit(browser: Any, address: str, fleet: FaultyFleet, ended: Ended, screen: str) -> None:
    """No page logs anything, breaks its policy, asks another host, or has to be scrolled sideways."""
    with ConsolePage(browser, address, **SCREENS[screen]) as console:
        wide = []
        for name in PLACES:
            console.visit(place(name, fleet, ended))
            wide += [name] if console.is_too_wide() else []
        assert wide == []
        assert console.said == []
        assert console.foreign_requests() == []


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_accessible(browser: Any, address: str, fleet: FaultyFleet, ended: Ended, screen: str) -> None:
    """axe-core finds nothing on any page, in both themes and on a phone."""
    # The checker injects itself as a script, which the page's own policy rightly refuses.
    with ConsolePage(browser, address, **SCREENS[screen], bypass_csp=True) as console:
        found = {}
        for name in PLACES:
            console.visit(place(name, fleet, ended))
            found[name] = violations(console)
        assert {name: broken for name, broken in found.items() if broken} == {}
