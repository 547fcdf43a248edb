"""An exported execution is debugged in a real browser: loaded, stepped through, read with keys and by axe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bench.synthetic_history import DEFINITION, history
from tests.fakes.browsing import SCREENS, violations
from tests.fakes.console import ConsolePage, lone_deployment, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.needs_chromium, pytest.mark.needs_node]

SERIOUS = {"serious", "critical"}
FILE = "input[type=file]"
WHERE = ".ex-where"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the console is open."""
    with served(lone_deployment()) as opened:
        yield opened


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """An exported execution of about 200 events that failed in its last Task."""
    path = tmp_path / "one.json"
    path.write_text(json.dumps(history(200, fails=True)), encoding="utf-8")
    return path


class Replay(ConsolePage):
    """The page of replay."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        super().__init__(browser, address, **options)
        self.visit("#/replay")

    def load(self, *paths: Path) -> None:
        """Choose files as a person does."""
        self.page.set_input_files(FILE, [str(path) for path in paths])
        self.page.wait_for_selector(WHERE)

    def drop(self, path: Path) -> None:
        """Let a file fall onto the page."""
        script = """([name, text]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], name, {type: 'application/json'}));
            const options = {bubbles: true, cancelable: true, dataTransfer: transfer};
            for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, options));
        }"""
        self.page.evaluate(script, [path.name, path.read_text(encoding="utf-8")])
        self.page.wait_for_selector(WHERE)

    @property
    def where(self) -> str:
        """Which event is looked at, in words."""
        return str(self.page.locator(WHERE).inner_text())

    def node(self, name: str) -> Any:
        """A state in the graph."""
        return self.page.locator(f"[data-state='{name}']")


@pytest.fixture
def replay(browser: Any, address: str) -> Iterator[Replay]:
    """The page of replay on a desk."""
    with Replay(browser, address, **SCREENS["desktop"]) as opened:
        yield opened
        assert opened.said == []


def test_exported_execution_is_stepped_through_with_keys(replay: Replay, exported: Path) -> None:
    """Home, j, k and n lead to the first event, on, back and to the next failure; the graph shows what was then."""
    replay.load(exported)
    assert "ExecutionFailed" in replay.where
    assert replay.page.locator(".ex-summary").inner_text().count("ServiceUnavailable") == 1
    replay.page.keyboard.press("Home")
    assert "ExecutionStarted" in replay.where
    assert replay.node("Prepare").get_attribute("aria-label") == "Prepare, Task, Not entered"
    replay.page.keyboard.press("j")
    assert "TaskStateEntered" in replay.where
    assert replay.node("Prepare").get_attribute("aria-current") == "step"
    assert "Running" in str(replay.node("Prepare").get_attribute("aria-label"))
    replay.page.keyboard.press("n")
    assert "TaskFailed" in replay.where
    assert "no answer from AWS" in replay.page.locator("[role=tabpanel] .ex-failure").inner_text()
    replay.page.keyboard.press("End")
    assert str(replay.node("NotReported").get_attribute("aria-label")).startswith("NotReported, Fail, Failed")
    assert "Caught" in str(replay.node("Report").get_attribute("aria-label"))


def test_states_are_reached_by_arrow_keys_and_tell_input_output_and_attempts(replay: Replay, exported: Path) -> None:
    """One node is in the tab order; arrows lead on; Enter shows the state, its attempts and where its error went."""
    replay.load(exported)
    assert replay.page.locator(".ex-canvas [data-state][tabindex='0']").count() == 1
    replay.node("NotReported").focus()
    replay.page.keyboard.press("ArrowLeft")
    replay.page.keyboard.press("Enter")
    panel = replay.page.locator(".ex-right")
    assert panel.locator("h2").inner_text() == "Report"
    assert panel.locator(".ex-attempts tbody tr").count() == 3
    panel.locator(".ex-failure-note button").click()
    assert panel.locator("h2").inner_text() == "NotReported"
    assert "ap-northeast-2" in panel.locator(".ex-json").first.inner_text()


def test_iterations_of_a_map_are_chosen(replay: Replay, exported: Path) -> None:
    """A Map counts its iterations; the one that is chosen is the one whose states are shown."""
    replay.load(exported)
    replay.node("Items").click()
    panel = replay.page.locator(".ex-right")
    assert panel.locator(".ex-iterations .ex-count.good").inner_text().endswith("11")
    panel.get_by_label("Iteration", exact=True).select_option("9")
    replay.node("Work").click()
    assert panel.locator(".ex-attempts tbody tr").count() == 2
    assert "item: 9" in panel.locator(".ex-json").first.inner_text()


def test_history_as_the_aws_command_prints_it_is_dropped_and_completed(
    replay: Replay, exported: Path, tmp_path: Path
) -> None:
    """Without a definition the graph is made of the events; a definition that is dropped later completes it."""
    events = json.loads(exported.read_text(encoding="utf-8"))["events"]
    bare, machine = tmp_path / "history.json", tmp_path / "definition.json"
    bare.write_text(json.dumps({"events": events}), encoding="utf-8")
    machine.write_text(json.dumps({"definition": json.dumps(DEFINITION)}), encoding="utf-8")
    replay.drop(bare)
    assert replay.page.locator("h1").inner_text() == "history.json"
    assert replay.node("Work").count() == 1
    assert replay.node("Done").count() == 0
    replay.drop(machine)
    replay.node("Done").wait_for()
    assert replay.foreign_requests() == []
    assert [url for url in replay.asked if "/api/" in url and not url.endswith("/session")] == []


def test_file_that_is_none_of_ours_is_refused_in_words(replay: Replay, tmp_path: Path) -> None:
    """What is no JSON, or has no events, says so; the page stays as it was."""
    for name, text, told in (("a.json", "{", "not JSON"), ("b.json", "{}", "no list of events")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        replay.page.set_input_files(FILE, str(tmp_path / name))
        replay.page.get_by_role("alert").filter(has_text=told).wait_for()
    assert replay.page.locator(WHERE).count() == 0


def test_markup_in_a_history_is_text(replay: Replay, tmp_path: Path) -> None:
    """Names, causes and inputs with markup are shown as they are, and nothing of them runs."""
    evil = "<img src=x onerror=\"document.title='ran'\">"
    events = [
        {"id": 1, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": json.dumps({evil: evil})}},
        {"id": 2, "previousEventId": 0, "type": "FailStateEntered", "stateEnteredEventDetails": {"name": evil}},
        {
            "id": 3,
            "previousEventId": 2,
            "type": "ExecutionFailed",
            "executionFailedEventDetails": {"error": evil, "cause": evil},
        },
    ]
    (tmp_path / "evil.json").write_text(json.dumps(events), encoding="utf-8")
    replay.load(tmp_path / "evil.json")
    assert replay.page.locator(".ex-right h2").inner_text() == evil
    assert replay.page.locator(".ex img").count() == 0
    assert "ran" not in replay.page.title()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("tab", ["Graph", "Timeline"])
def test_view_is_accessible_and_fits(browser: Any, address: str, exported: Path, screen: str, tab: str) -> None:
    """axe-core finds nothing serious, in the light, in the dark and on a phone, and the page never scrolls sideways."""
    with Replay(browser, address, **SCREENS[screen], bypass_csp=True) as opened:
        opened.load(exported)
        opened.page.get_by_role("tab", name=tab).click()
        for panel in ("State", "Event"):
            opened.page.get_by_role("tab", name=panel, exact=True).click()
            assert [one for one in violations(opened) if one[1] in SERIOUS] == []
        assert not opened.is_too_wide()
        assert opened.said == []
