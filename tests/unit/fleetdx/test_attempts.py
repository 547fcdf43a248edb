"""What follows on an attempt: parts, retries and another delivery, within limits, and nobody is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.attempts import Rules, Step, next_step, wait_before_retry
from fleetdx.invocations import RETRY_CLASSES
from fleetdx.ledger import Outcome
from fleetdx.verification import Judged
from tests.fakes.runs import batch_state

AUTO = Rules("auto", max_attempts=3, parts=2, may_go_on=True)
S3 = AUTO._replace(asked="s3")
VERIFIED = Judged(Outcome("scanned", "verified", "Good."), [], None, None)
UNSENT = Judged(Outcome("scanned", "evidence_not_received", "Closed."), [], None, "network")


def failed(reason: str) -> Judged:
    return Judged(Outcome("scan_failed", reason, "Bad."), [], None, RETRY_CLASSES.get(reason))


def step(judged: dict[str, Judged], rules: Rules = AUTO, postponed: Any = None, **batch: Any) -> Step:
    return next_step(batch_state(**{"last_attempt": 2, **batch}), judged, postponed or {}, rules)


def test_waits_grow_up_to_a_limit() -> None:
    """One minute, two, four, and never more than ten."""
    assert [wait_before_retry(number) for number in range(6)] == [60, 120, 240, 480, 600, 600]


@pytest.mark.parametrize("reason", ["delivery_timed_out", "undeliverable", "not_invoked", "host_busy", "throttled"])
def test_what_another_attempt_may_help_is_repeated(reason: str) -> None:
    """Whom the command did not reach goes into the next attempt, the same way; who is done is not asked again."""
    found = step({"a": VERIFIED, "b": failed(reason)})
    assert (found.instances, found.ended) == (["b"], ["a"])
    assert found.batch == batch_state(0, 1, 2, wait_seconds=60)


@pytest.mark.parametrize("reason", ["scanner_failed", "execution_timed_out", "bad_digest", "command_terminated"])
def test_what_failed_while_it_ran_is_not_repeated(reason: str) -> None:
    """An execution that failed would fail again."""
    assert (step({"a": failed(reason)}).instances, step({"a": failed(reason)}).ended) == ([], ["a"])


def test_waits_grow_from_attempt_to_attempt_until_the_last() -> None:
    """The second retry waits longer than the first, and after the last attempt nobody goes on."""
    away = {"a": failed("undeliverable")}
    first = step(away).batch
    second = next_step(first, away, {}, AUTO).batch
    assert (first["wait_seconds"], second["wait_seconds"], second["attempt"]) == (60, 120, 2)
    last = next_step(second, away, {}, AUTO)
    assert (last.instances, last.ended) == ([], ["a"])


def test_a_resumed_opening_counts_its_own_attempts() -> None:
    """Attempts of an earlier opening lengthen no wait."""
    found = step({"a": failed("undeliverable")}, attempt=7, last_attempt=9)
    assert (found.batch["attempt"], found.batch["wait_seconds"]) == (8, 60)


@pytest.mark.parametrize(
    "closed", [failed("bundle_not_fetched"), failed("result_not_sent"), failed("no_download_tool"), UNSENT]
)
def test_a_closed_way_to_s3_leads_inline(closed: Judged) -> None:
    """Under auto whoever has no way to S3 goes on inline at once, and it costs no retry."""
    found = step({"a": VERIFIED, "b": closed}, last_attempt=0)
    assert (found.instances, found.ended) == (["b"], ["a"])
    assert found.batch == batch_state(0, 1, 1, delivery="inline")


def test_who_was_not_reached_goes_inline_with_the_others() -> None:
    """A batch travels one way at a time; for those that were away it is a retry, and it waits like one."""
    found = step({"a": failed("bundle_not_fetched"), "b": failed("undeliverable")})
    assert sorted(found.instances) == ["a", "b"]
    assert found.batch == batch_state(0, 1, 2, delivery="inline", wait_seconds=60)


def test_without_parts_there_is_no_way_but_s3() -> None:
    """A bundle without inline parts repeats by S3."""
    found = step({"a": failed("bundle_not_fetched")}, AUTO._replace(parts=0))
    assert found.batch == batch_state(0, 1, 2, wait_seconds=60)


@pytest.mark.parametrize("closed", [failed("bundle_not_fetched"), UNSENT])
def test_by_s3_alone_a_closed_way_is_tried_again(closed: Judged) -> None:
    """Where the request names S3, the network may be back after a wait."""
    found = step({"a": closed}, S3)
    assert (found.instances, found.batch) == (["a"], batch_state(0, 1, 2, wait_seconds=60))
    assert step({"a": closed}, S3, attempt=2).instances == []


def test_a_tool_that_is_missing_is_not_waited_for() -> None:
    """By S3 alone a host that can download with nothing is not tried again."""
    assert step({"a": failed("no_download_tool")}, S3).ended == ["a"]


def test_inline_has_no_network_to_wait_for() -> None:
    """What cannot be unpacked or printed on a host is no matter of time."""
    found = step({"a": failed("bundle_not_fetched"), "b": UNSENT}, delivery="inline", part=1)
    assert (found.instances, found.ended) == ([], ["a", "b"])


def test_part_follows_on_part() -> None:
    """Who passed a part goes on at once, and no part counts as a retry."""
    found = step({"a": VERIFIED, "b": failed("scanner_failed")}, delivery="inline")
    assert (found.instances, found.ended, found.postponed) == (["a"], ["b"], {})
    assert found.batch == batch_state(0, 1, 3, delivery="inline", part=1)
    last = next_step(found.batch, {"a": VERIFIED}, {}, AUTO)
    assert (last.instances, last.ended) == ([], ["a"])


def test_who_missed_a_part_waits_for_the_others_and_starts_again() -> None:
    """A host that was away in one part is taken up after the last part, at the first part."""
    away = failed("undeliverable")
    first = step({"a": VERIFIED, "b": away}, delivery="inline")
    assert (first.instances, first.postponed, first.ended) == (["a"], {"b": away.outcome}, [])
    second = next_step(first.batch, {"a": VERIFIED}, first.postponed, AUTO)
    assert (second.instances, second.postponed, second.ended) == (["b"], {}, ["a"])
    assert second.batch == batch_state(0, 2, 3, delivery="inline", wait_seconds=60)


def test_parts_end_where_nobody_passed() -> None:
    """Without anybody who passed, the next part is not sent: those who were away start again."""
    found = step({"a": failed("host_busy")}, delivery="inline")
    assert (found.instances, found.batch["part"], found.batch["wait_seconds"]) == (["a"], 0, 60)


def test_nothing_follows_on_an_error() -> None:
    """After an error that another attempt would meet again everybody has ended, also who waited."""
    stopped = AUTO._replace(may_go_on=False)
    waiting = {"c": failed("undeliverable").outcome}
    found = step({"a": VERIFIED, "b": failed("bundle_not_fetched")}, stopped, waiting, delivery="inline", part=1)
    assert (found.instances, sorted(found.ended)) == ([], ["a", "b", "c"])


FATES = st.sampled_from([VERIFIED, UNSENT, *(failed(reason) for reason in (*RETRY_CLASSES, "scanner_failed"))])
RULES = st.builds(
    Rules, st.sampled_from(["s3", "inline", "auto"]), st.integers(1, 5), st.integers(0, 3), st.just(value=True)
)


@given(data=st.data(), rules=RULES, number=st.integers(1, 6))
def test_nobody_is_lost_and_every_batch_ends(data: st.DataObject, rules: Rules, number: int) -> None:
    """Whatever hosts do, each ends exactly once, and the batch is sent a bounded number of times."""
    delivery = "inline" if rules.asked == "inline" else "s3"
    batch = batch_state(0, 0, rules.max_attempts - 1, delivery=delivery)
    instances, postponed, ended = [str(name) for name in range(number)], dict[str, Outcome](), list[str]()
    for _ in range(rules.max_attempts * max(1, rules.parts) + rules.parts + 1):
        judged = {name: data.draw(FATES) for name in instances}
        found = next_step(batch, judged, postponed, rules)
        assert sorted([*found.instances, *found.postponed, *found.ended]) == sorted([*instances, *postponed])
        assert found.batch["attempt"] == batch["attempt"] + 1
        ended += found.ended
        batch, instances, postponed = found.batch, found.instances, found.postponed
        if not instances:
            break
    assert not instances
    assert not postponed
    assert sorted(ended) == [str(name) for name in range(number)]
