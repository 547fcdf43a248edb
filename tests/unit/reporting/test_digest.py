"""The message to Slack about a run: what is news, inert, and never longer than Slack shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.reporting.digest import digest_text
from fleetdx.reporting.slack_text import MOST_CHARACTERS
from fleetdx.reporting.summary import build_summary
from tests.fakes.changes import change, summarized
from tests.unit.reporting import example_run as example

PLACE = "s3://data/runs/r/report.html"


def summary(**fields: Any) -> Any:
    told = build_summary(example.facts(), example.ledger(), example.results(), example.catalog(), example.strays())
    return {**told, **fields}


def entry(standing: str, **fields: Any) -> Any:
    given: dict[str, Any] = {"id": f"waiver-{standing}", "subject": "U-06", "owner": "payments@example.com"}
    return {**given, "standing": standing, "sentence": "", "expires_at": "2026-12-01T00:00:00Z", **fields}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "*incomplete*",
                "*1 new*",
                "*1 fixed*",
                "1 gone with its instance",
                "*2 waivers need somebody*",
                "Report: ",
            ),
        ),
        ("ko", ("*점검 미완료*", "*새로 발견 1건*", "*조치 완료 1건*", "*확인이 필요한 예외 승인 2건*", "보고서: ")),
    ],
)
def test_news_are_told_in_the_readers_language(language: Any, words: tuple[str, ...]) -> None:
    """Coverage, findings, what is new, fixed and gone, the waivers that need somebody, and where the report is."""
    changes = summarized(change("new"), change("fixed", item="U-02"), change("gone"), change("initial"))
    waivers = {"unreadable": "", "left_off": 0, "entries": [entry("expired"), entry("lapsing"), entry("holds")]}
    told = digest_text(summary(changes=changes, waivers=waivers), PLACE, language)
    for word in (*words, "`U-01` `root_ssh_login_denied`", "`i-00000000000000001`", "waiver-lapsing"):
        assert word in told
    assert "waiver-holds" not in told
    assert told.endswith(PLACE)


def test_a_quiet_run_is_four_lines() -> None:
    """Where nothing changed and no waiver needs somebody, the message is status, coverage, findings and place."""
    quiet = summary(changes=summarized(), waivers={"unreadable": "", "left_off": 0, "entries": []})
    assert len(digest_text(quiet, PLACE, "en").splitlines()) == 4


def test_many_changes_are_counted() -> None:
    """Eight of a kind are named, the others counted; nothing that Slack would cut off is sent."""
    told = digest_text(summary(changes=summarized(*(change("new") for _ in range(500)))), PLACE, "en")
    assert "*500 new*" in told
    assert "and 492 more" in told
    assert len(told) <= MOST_CHARACTERS


@given(st.text(max_size=400), st.text(max_size=400))
def test_foreign_text_is_inert_and_the_message_bounded(name: str, unreadable: str) -> None:
    """Names of hosts and accounts become no link, mention or markup, whatever they hold."""
    hostile = change("new", instance_name=name + "<!channel>", account_name=f"<http://x|{name}>")
    waivers = {"unreadable": unreadable, "left_off": 0, "entries": [entry("broken", owner=name, id=name)]}
    told = digest_text(summary(changes=summarized(hostile), waivers=waivers), PLACE, "en")
    assert "<" not in told
    assert len(told) <= MOST_CHARACTERS


def test_an_unreadable_register_is_told() -> None:
    """Whoever relied on waivers learns that none holds."""
    waivers = {"unreadable": "s3://data/config/exemptions.json cannot be read", "left_off": 0, "entries": []}
    assert "No waiver holds" in digest_text(summary(waivers=waivers), PLACE, "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("*Security Hub did not accept 1,204 findings, account-regions: 9*", "ended early: `AccessDenied: PutO"),
        ),
        ("ko", ("*Security Hub에 등록하지 못한 취약 1,204건, 계정·리전 9곳*", "Security Hub 등록 중단: `AccessDenied")),
    ],
)
def test_what_security_hub_did_not_accept_is_told(language: Any, words: tuple[str, ...]) -> None:
    """How many findings of how many account-regions and why, the first of them by name; nothing where all is well."""
    problem = {"account": "111122223333", "region": "us-east-1", "failed": 4, "why": "Security Hub is not enabled here"}
    counts = {"new": 0, "updated": 0, "resolved": 0, "account_regions": 9}
    imported = {
        **counts,
        "failed": 1_204,
        "problem_count": 9,
        "problems": [problem] * 9,
        "why": "AccessDenied: PutObject",
    }
    told = digest_text(summary(security_hub=imported), PLACE, language)
    for word in (*words, "• `111122223333/us-east-1`: `Security Hub is not enabled here`"):
        assert word in told
    assert told.count("us-east-1") == 8
    accepted = {**counts, "failed": 0, "problem_count": 0, "problems": [], "why": ""}
    assert "Security Hub" not in digest_text(summary(security_hub=accepted), PLACE, language)
