"""The page of a host has all its results, and hostile text does nothing in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from fleetdx.reporting.host_pages import HostPages, host_page_name
from fleetdx.reporting.lines import InstanceKey
from fleetdx.reporting.pages import MadeOnce
from fleetdx.reporting.text import visible

HOSTILE = ["<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", '" onmouseover="x', "\x1b[2J\u202egpj"]


def host_of(example: Any, number: int) -> tuple[InstanceKey, list[Any]]:
    instance = example.instance_of(number)
    results = [line for line in example.results() if line["instance"] == instance]
    return InstanceKey(results[0]["account"], results[0]["region"], instance), results


def rendered(example: Any, summary: Any, number: int = 7, language: Any = "en", **changes: Any) -> BeautifulSoup:
    key, results = host_of(example, number)
    pages = HostPages(summary, example.ledger(), example.catalog(), language)
    return BeautifulSoup(pages.render(key, [{**line, **changes} for line in results]), "html.parser")


def test_every_item_is_there_with_its_verdict(example: Any, summary: Any) -> None:
    """Passed and inapplicable items are told like failed ones; failed ones come first, with remedy and evidence."""
    soup = rendered(example, summary)
    _, results = host_of(example, 7)
    shown = {one.select_one(".item").text: one["class"][1] for one in soup.select(".finding")}
    assert shown == {line["item"]: line["verdict"] for line in results}
    first = soup.select_one(".finding")
    assert first["class"][1] == "fail"
    assert first.select_one(".remedy")
    assert first.select_one("pre").text.strip()


def test_failing_since_and_waiver_are_told(example: Any, summary: Any) -> None:
    """A finding says since when it fails; an accepted one by whom and until when, and it does not count."""
    waiver = {"id": "W-1", "owner": "kim", "approver": "lee", "reason": "legacy", "ticket": "SEC-9",
              "expires_at": "2027-01-01T00:00:00Z"}  # fmt: skip
    soup = rendered(example, summary, verdict="fail", failing_since="2026-10-01T00:00:00Z", waiver=waiver)
    assert "2026-10-01 00:00:00" in soup.select_one(".since").text
    assert all(word in soup.select_one(".finding .waiver").text for word in ("W-1", "kim", "lee", "SEC-9", "legacy"))
    assert "Nothing was assessed." in soup.select_one(".facts").text


def test_a_group_that_fails_for_longer_says_so(example: Any, summary: Any) -> None:
    """An instance that has replaced another has its own first day, and beside it the group's."""
    since = {"failing_since": "2026-11-20T00:00:00Z", "group_failing_since": "2026-03-01T00:00:00Z"}
    text = rendered(example, summary, verdict="fail", **since).select_one(".since").text
    assert "2026-11-20 00:00:00" in text
    assert "its Auto Scaling group since 2026-03-01 00:00:00" in text
    since["group_failing_since"] = since["failing_since"]
    assert "group" not in rendered(example, summary, verdict="fail", **since).select_one(".since").text


def test_result_delivered_twice_is_shown_once(example: Any, summary: Any) -> None:
    """A second delivery of the same line adds nothing."""
    key, results = host_of(example, 7)
    pages = HostPages(summary, example.ledger(), example.catalog(), "en")
    assert pages.render(key, results + results) == pages.render(key, results)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_inert(example: Any, summary: Any, hostile: str) -> None:
    """Markup in reasons, evidence and names gives the elements that plain text gives, and is readable."""
    shapes = []
    for text in ("plain", hostile):
        key, results = host_of(example, 7)
        ledger = [{**line, "instance_name": text, "account_name": text, "detail": text} for line in example.ledger()]
        pages = HostPages(summary, ledger, example.catalog(), "ko")
        poisoned = [{**line, "reason": text, "evidence": [text]} for line in results]
        soups = [BeautifulSoup(page, "html.parser") for page in (pages.render(key, poisoned), pages.render_index())]
        shapes.append([(tag.name, tuple(tag.attrs)) for soup in soups for tag in soup.select("*")])
    assert shapes[0] == shapes[1]
    assert soups[0].select_one(".finding pre").text == visible(hostile)


def test_page_allows_nothing_but_its_style(example: Any, summary: Any) -> None:
    """The policy of the report holds here too: no script, no request."""
    soup = rendered(example, summary)
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'", policy
    )  # fmt: skip
    assert not soup.select("script, img, link, [style]")


def test_index_leads_to_each_page_the_worst_first(example: Any, summary: Any) -> None:
    """The list of all hosts names each page that was rendered; most findings of high importance come first."""
    pages = HostPages(summary, example.ledger(), example.catalog(), "en")
    keys = []
    for number in (0, 3, 7):
        key, results = host_of(example, number)
        pages.render(key, results)
        keys.append(key)
    links = [link["href"] for link in BeautifulSoup(pages.render_index(), "html.parser").select("tbody a")]
    assert links == [host_page_name(keys[place]) for place in (1, 2, 0)]


def test_name_of_a_page_leads_nowhere_else() -> None:
    """Whatever a ledger says, a page stays in its directory."""
    assert host_page_name(InstanceKey("111122223333", "eu-west-1", "i-0a")) == "111122223333-eu-west-1-i-0a.html"
    assert host_page_name(InstanceKey("..", "../../etc", "a\0/b")) == "__-______etc-a__b.html"


def test_a_macro_is_called_once_for_the_same_arguments() -> None:
    """Another macro or another argument is another call; what a call gave is given again."""
    called: list[Any] = []

    class Macro:
        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, *arguments: Any) -> str:
            called.append((self.name, *arguments))
            return f"{self.name} {arguments}"

    made_once = MadeOnce()
    told = [made_once(Macro(name), item) for name in ("what", "label") for item in ("U-01", "U-02", "U-01")]  # type: ignore[arg-type]
    assert told[0] == told[2]
    assert called == [("what", "U-01"), ("what", "U-02"), ("label", "U-01"), ("label", "U-02")]
