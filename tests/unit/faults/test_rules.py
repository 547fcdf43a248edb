"""Rules strike the calls that they mean, as often as they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from emulator.faults.calls import _REFUSALS
from emulator.faults.invocations import LOSSES, loss_of
from emulator.faults.rules import INVOCATION_FAULTS, MEANINGS, CallFacts, CallFault, FaultBook, Rule

SEND = CallFacts(
    "ssm:SendCommand",
    "arn:aws:sts::333333333333:assumed-role/fleetdx-member-scan/send-command-RUN",
    "333333333333",
    "us-east-1",
    "i-00000000000000001,i-00000000000000002",
)


def struck(rule: Rule, facts: CallFacts = SEND, times: int = 1) -> list[Any]:
    book = FaultBook()
    book.add(rule)
    return [book.strike(facts) for _ in range(times)]


@pytest.mark.parametrize(
    "narrowed",
    [
        {"call": "ssm:*"},
        {"caller": "*/send-command-*"},
        {"account": "333333333333"},
        {"region": "us-*"},
        {"resource": "*i-00000000000000002*"},
    ],
)
def test_a_rule_strikes_what_fits_every_pattern(narrowed: dict[str, str]) -> None:
    """Each pattern narrows a rule, and a call has to fit all of them."""
    rule = replace(Rule("ssm:SendCommand", "throttled"), **narrowed)
    assert struck(rule) == ["throttled"]
    (name,) = narrowed
    assert struck(replace(rule, **{name: "other"})) == [None]


def test_a_rule_skips_and_is_used_up() -> None:
    """So many calls pass, then so many are struck, then all pass; without a number it strikes for ever."""
    assert struck(Rule("*", "denied", skip=2, times=2), times=6) == [None, None, "denied", "denied", None, None]
    assert struck(Rule("*", "denied", times=None), times=3) == ["denied"] * 3


def test_a_rule_strikes_a_share_of_calls() -> None:
    """Each how-many-th call that fits is struck, after those that pass first, until the rule is used up."""
    rule = Rule("*", "throttled", skip=1, times=2, every=3)
    assert struck(rule, times=9) == [None, "throttled", None, None, "throttled", None, None, None, None]


def test_the_first_rule_that_is_not_used_up_decides() -> None:
    """Rules follow each other, so that a call can fail in one way and then in another."""
    book = FaultBook()
    book.add(Rule("ssm:*", "throttled"), Rule("ssm:SendCommand", "answer_lost"))
    assert [book.strike(SEND) for _ in range(3)] == ["throttled", "answer_lost", None]
    assert [count for _, count in book.struck()] == [1, 1]
    book.clear()
    assert book.struck() == []


def test_a_book_tells_what_it_was_asked() -> None:
    """Whoever listens hears every call in order, harmed or not, and nothing before or after."""
    book = FaultBook()
    book.add(Rule("ssm:*", "throttled"))
    book.strike(SEND)
    with book.overheard() as first, book.overheard() as second:
        book.strike(SEND)
        book.strike(replace(SEND, call="s3:PutObject"))
    book.strike(SEND)
    assert [facts.call for facts in first] == ["ssm:SendCommand", "s3:PutObject"]
    assert second == first


def test_every_fault_has_a_meaning_and_a_way() -> None:
    """No fault is only a name: each is told, and either refuses, harms or loses a call."""
    assert set(MEANINGS) == {*get_args(CallFault), *INVOCATION_FAULTS}
    assert set(LOSSES) == set(INVOCATION_FAULTS)
    assert set(_REFUSALS) < set(get_args(CallFault))


def test_a_fault_of_calls_is_none_of_invocations() -> None:
    """A rule that asks for the impossible says so instead of doing nothing."""
    assert loss_of(None) is None
    with pytest.raises(ValueError, match="answer_lost is no fault of an invocation"):
        loss_of("answer_lost")
