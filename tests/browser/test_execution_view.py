"""An execution is followed in a real browser while it runs: news are shown, unless the reader looks back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bench.synthetic_history import DEFINITION, history
from tests.fakes.browsing import SCREENS
from tests.fakes.console import ConsolePage, lone_deployment, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.needs_chromium, pytest.mark.needs_node]

ARN = "arn:aws:states:ap-northeast-2:222222222222:execution:synthetic:one"
CHILD = "arn:aws:states:ap-northeast-2:222222222222:execution:inner:first"
WHERE = ".ex-where"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the console is open."""
    with served(lone_deployment()) as opened:
        yield opened


class Running:
    """Answers as the server does of an execution that runs; each watch tells one part more and breaks off."""

    def __init__(self, parts: list[list[dict[str, Any]]], status: str) -> None:
        self.parts, self.status = parts, status
        self.execution = {"arn": ARN, "name": "one", "status": "RUNNING", "started_at": parts[0][0]["timestamp"]}
        self.children = [{"name": "first", "arn": CHILD, "status": "FAILED", "state": "Items"}]
        self.after: list[str] = []

    def answer(self, route: Any) -> None:
        """One answer."""
        if "/watch" not in route.request.url:
            told = {"execution": self.execution, "definition": DEFINITION, "children": self.children}
            route.fulfill(json={**told, "events": self.parts[0]})
            return
        self.after.append(route.request.url.partition("after=")[2])
        part = self.parts[len(self.after)] if len(self.after) < len(self.parts) else []
        text = f"event: events\ndata: {json.dumps({'events': part})}\n\n"
        if len(self.after) == len(self.parts) - 1:
            ended = {"execution": {**self.execution, "status": self.status}, "children": []}
            text += f"event: execution\ndata: {json.dumps(ended)}\n\nevent: end\ndata: {{}}\n\n"
        route.fulfill(body=text, content_type="text/event-stream")


@pytest.fixture
def followed(browser: Any, address: str) -> Iterator[tuple[ConsolePage, Running]]:
    """The page of an execution that has told 30 events, then 30 more, then the rest, and has failed."""
    events = history(200, fails=True)["events"]
    running = Running([events[:30], events[30:60], events[60:]], "FAILED")
    with ConsolePage(browser, address, **SCREENS["desktop"]) as console:
        console.page.route("**/api/executions/**", running.answer)
        console.visit(f"#/execution/{ARN.replace(':', '%3A')}")
        yield console, running
        assert console.said == []


def test_newest_event_is_followed_until_the_reader_looks_back(followed: tuple[ConsolePage, Running]) -> None:
    """New events move the view on; after a step back it stays, and one press leads to the newest again."""
    console, running = followed
    where = console.page.locator(WHERE)
    where.filter(has_text="of 60").wait_for()
    assert where.inner_text().startswith("Event 60 of 60")
    assert "Running" in str(console.page.locator("[data-state='Items']").get_attribute("aria-label"))
    console.page.keyboard.press("k")
    where.filter(has_text="Event 59 of 180").wait_for()
    assert "Failed" in console.page.locator(".ex-summary").inner_text()
    console.page.keyboard.press("End")
    assert where.inner_text().startswith("Event 180 of 180")
    assert running.after == ["30", "60"]


def test_child_executions_are_listed_and_opened(followed: tuple[ConsolePage, Running]) -> None:
    """A child execution is named where the execution is told, and leads to its own page."""
    console, _ = followed
    console.page.get_by_role("tab", name="Execution", exact=True).click()
    console.page.locator(".ex-children button", has_text="first").click()
    console.page.wait_for_url("**first")
