"""The console in a real browser, on the embedded AWS: start a scan, watch it, stop it; by hand and by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.cli import runs
from tests.console_stage import ConsoleStage, console_stage
from tests.fakes.console import ConsolePage, served
from tests.faulty_fleet import HEALTHY

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs_chromium

LONGEST_SCAN = 120_000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleStage]:
    """Four small hosts, a run in which two failed and one had hostile evidence, and the console."""
    with console_stage(tmp_path_factory.mktemp("console")) as started:
        yield started


def test_token_leaves_the_address_at_once(browser: Any, stage: ConsoleStage) -> None:
    """What the address bar, a bookmark or a screenshot shows holds no token, and a reload needs none."""
    with ConsolePage(browser, stage.address) as console:
        assert "token" not in console.page.url
        console.page.reload()
        console.settle()
        assert console.page.inner_text("h1") == "Runs"


def test_page_without_its_token_says_how_to_get_it(browser: Any, stage: ConsoleStage) -> None:
    """Whoever opens the address without the token is told where the whole one is, and sees nothing else."""
    with ConsolePage(browser, stage.address.partition("#")[0]) as console:
        assert "opened without its token" in console.page.inner_text("h1")
        assert console.page.locator("main table").count() == 0


def test_scan_is_started_from_the_form_and_watched_to_its_end(browser: Any, stage: ConsoleStage) -> None:
    """An operator names an instance, sees what it comes to, confirms, and watches until the report can be opened."""
    with ConsolePage(browser, stage.address) as console:
        page = console.page
        page.get_by_role("link", name="Start a scan").first.click()
        page.get_by_role("radio", name=re.compile("Instances")).check()
        page.get_by_role("textbox", name=re.compile("One on each line")).fill(stage.host(HEALTHY))
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


def test_fault_stands_beside_its_field(browser: Any, stage: ConsoleStage) -> None:
    """What is wrong with a request is said where it was typed, to eyes and to screen readers, and nothing starts."""
    with ConsolePage(browser, stage.address) as console:
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


def test_organization_is_picked_from_its_tree(browser: Any, stage: ConsoleStage) -> None:
    """A search finds an account, ticking it makes the request, and the question before the start counts it."""
    account, _ = stage.fleet.account_region
    with ConsolePage(browser, stage.address) as console:
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


def test_language_is_switched_and_remembered(browser: Any, stage: ConsoleStage) -> None:
    """Everything turns Korean at once, also what the server tells, and stays so."""
    with ConsolePage(browser, stage.address) as console:
        page = console.page
        console.visit("#/start")
        page.get_by_role("button", name="한국어").click()
        page.get_by_role("heading", name="점검 시작").wait_for()
        page.get_by_role("group", name="점검 범위").wait_for()
        page.get_by_role("group", name="리전").wait_for()
        page.reload()
        console.visit(f"#/run/{stage.ended.run.id}")
        page.get_by_role("heading", name="점검 미완료").wait_for()
        assert page.get_attribute("html", "lang") == "ko"


def test_read_only_console_offers_no_action(browser: Any, stage: ConsoleStage) -> None:
    """Where nothing may be started nothing offers it, and who comes to the form is told why it is not there."""
    with served(stage.fleet.aws.deployment, may_start=False) as address, ConsolePage(browser, address) as console:
        assert "Read-only" in console.page.inner_text(".place")
        for name in ("runs", "run", "failed host"):
            console.visit(stage.page(name))
            offered = console.page.locator("a[href^='#/start'], button:has-text('Stop'), button:has-text('Start')")
            assert offered.count() == 0
        console.visit("#/start")
        assert "--allow-start" in console.page.inner_text("main")
        assert console.page.locator("main form").count() == 0


def test_running_scan_is_stopped_after_a_question(browser: Any, stage: ConsoleStage) -> None:
    """Stop asks first; then the run ends, and the page says that it was stopped."""
    stage.fleet.aws.cloud.fleet.break_host(stage.fleet.ids["scanner_crashes"], "scanner_hangs")
    limits = {"execution_timeout_seconds": 120, "checks": ["U-01"]}
    run = stage.fleet.aws.start({"instances": [stage.host("scanner_crashes")]}, **limits)
    try:
        with ConsolePage(browser, stage.address) as console:
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
        stage.fleet.aws.cloud.fleet.mend_host(stage.fleet.ids["scanner_crashes"])
        assert runs.status(stage.fleet.aws.deployment, run)["status"] != runs.RUNNING


def test_everything_is_reached_by_keyboard(browser: Any, stage: ConsoleStage) -> None:
    """The first key leads past the navigation, arrows move among tabs, and a new page takes the focus to its title."""
    with ConsolePage(browser, stage.address) as console:
        page = console.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        console.visit(stage.page("run"))
        assert page.evaluate("document.activeElement.tagName") == "H1"
        page.get_by_role("tab", name="Overview").focus()
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("tab", name="Instances").get_attribute("aria-selected") == "true"
        assert page.evaluate("document.activeElement.getAttribute('role')") == "tab"
