"""Judging a host: SSM's word, its digest and its object become one ledger state, and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.models import LEDGER_STATES
from fleetdx.verification import Expectation, Judged, judge
from tests.fakes.runs import (
    BUNDLE,
    CHECKS,
    PARTS,
    PLACE,
    PROFILE,
    PROFILE_NAME,
    VERDICTS,
    digest_line,
    document,
    entry,
    invocation,
    packed,
)

EXPECTED = Expectation(PROFILE_NAME, PROFILE, BUNDLE, frozenset(CHECKS))
BODY = packed(document())
HOST = entry()["instance"]


def judged(told: dict[str, Any] | None, stored: bytes | None, expected: Expectation = EXPECTED) -> Judged:
    return judge(PLACE, entry(), told, expected, lambda _: stored)


def test_result_with_its_hash_is_verified() -> None:
    """Digest and object agree: scanned, with evidence, and the object is no stray."""
    one = judged(invocation(HOST, digest_line(BODY)), BODY)
    assert (one.outcome.state, one.outcome.reason, one.retry) == ("scanned", "verified", None)
    assert one.read == digest_line(BODY).split()[3]
    assert [line["verdict"] for line in one.results] == ["pass", "fail", "manual", "manual"]
    assert all(line["evidence"] for line in one.results)


@pytest.mark.parametrize("stored", [None, b"", BODY + b" ", packed(document({**VERDICTS, CHECKS[1]: "pass"}))])
def test_another_object_costs_the_evidence_only(stored: bytes | None) -> None:
    """No object, or one of another hash: the verdicts come from the digest and no object was read."""
    one = judged(invocation(HOST, digest_line(BODY)), stored)
    assert (one.outcome.state, one.outcome.reason, one.read) == ("scanned", "evidence_not_received", None)
    assert [line["verdict"] for line in one.results] == ["pass", "fail", "manual", "manual"]
    assert not any(line["evidence"] for line in one.results)


@pytest.mark.parametrize(
    ("stored", "reason"), [(BODY, "ran_without_verifier"), (None, "evidence_not_received")], ids=["stored", "absent"]
)
def test_a_bundle_whose_signature_nobody_checked_is_told(stored: bytes | None, reason: str) -> None:
    """A host that could not check the signature and ran the bundle is scanned, and its line says so."""
    told = invocation(HOST, digest_line(BODY))
    told["CommandPlugins"][1]["Output"] = "fleetdx: ran_without_verifier: no openssl here\n"
    one = judged(told, stored)
    assert (one.outcome.state, one.outcome.reason, one.has_evidence) == ("scanned", reason, stored is not None)
    assert one.outcome.detail.endswith("It could not check who signed the bundle.")


def test_failed_send_is_told_with_the_verdicts() -> None:
    """A host whose step Send failed is scanned, and the detail says what kept its evidence."""
    told = invocation(HOST, digest_line(BODY), status="Failed", Send="Failed")
    told["CommandPlugins"][-1]["Output"] = "fleetdx: result_not_sent: The intake refused it with 403.\n"
    one = judged(told, None)
    assert (one.outcome.state, one.outcome.reason) == ("scanned", "evidence_not_received")
    assert one.outcome.detail.endswith("Step Send: The intake refused it with 403.")
    assert (one.passed, one.has_evidence, one.retry) == (True, False, "network")


def test_result_of_a_part_is_told_of_the_runs_bundle() -> None:
    """A host that ran a part of the bundle is believed for that part's checks, and its lines name the bundle."""
    (part, _), verdicts = PARTS, dict(list(VERDICTS.items())[:2])
    body = packed(document(verdicts))
    told = invocation(HOST, digest_line(body, verdicts, bundle=part["bundle"]))
    one = judged(told, body, EXPECTED._replace(bundle=part["bundle"], checks=frozenset(part["checks"])))
    assert one.has_evidence
    assert [(line["check"], line["bundle"]) for line in one.results] == [(check, BUNDLE) for check in part["checks"]]
    assert judged(told, body).outcome.reason == "bad_digest"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "not a digest"),
        (digest_line(BODY, profile="quick"), "of profile quick"),
        (digest_line(BODY, bundle="0" * 64), "another bundle"),
        (digest_line(BODY, {CHECKS[0]: "pass"}), "leaves out checks"),
        (digest_line(BODY).replace("pfm", "pfmp"), "4 verdicts"),
        ("\ud800", "not a digest"),
    ],
)
def test_digest_that_does_not_fit_fails_the_host(line: str, why: str) -> None:
    """A digest of another run than asked for is not believed, even if an object fits it."""
    one = judged(invocation(HOST, line), BODY)
    assert (one.outcome.state, one.outcome.reason, one.results) == ("scan_failed", "bad_digest", [])
    assert why in one.outcome.detail


def test_check_that_was_not_asked_for_is_not_believed() -> None:
    """A host told to run one check may not tell verdicts of others."""
    one = judged(invocation(HOST, digest_line(BODY)), BODY, EXPECTED._replace(checks=frozenset(CHECKS[:1])))
    assert one.outcome.reason == "bad_digest"


def test_object_that_contradicts_its_digest_fails_the_host() -> None:
    """The right hash over other verdicts is a host's own doing: no result line of it counts, and it is no stray."""
    body = packed(document({**VERDICTS, CHECKS[1]: "pass"}))
    one = judged(invocation(HOST, digest_line(body)), body)
    assert (one.outcome.state, one.outcome.reason) == ("scan_failed", "result_contradicts_digest")
    assert (one.results, one.read, one.retry) == ([], digest_line(body).split()[3], None)


@pytest.mark.parametrize(
    ("told", "reason", "retry"),
    [
        (None, "not_invoked", "unreached"),
        ({"Status": "TimedOut", "StatusDetails": "DeliveryTimedOut"}, "delivery_timed_out", "unreached"),
        ({"Status": "Success", "StatusDetails": "Success"}, "no_digest", None),
        ({"Status": "InProgress", "StatusDetails": "InProgress"}, "no_answer", None),
    ],
)
def test_host_without_output_has_failed(told: dict[str, Any] | None, reason: str, retry: str | None) -> None:
    """Without the step's output SSM's own word is the reason, and says whether to try again."""
    one = judged(told, BODY)
    assert (one.outcome.state, one.outcome.reason, one.retry) == ("scan_failed", reason, retry)


STATUSES = st.sampled_from(["Success", "Failed", "TimedOut", "InProgress", "Cancelled", "Undeliverable", ""])
OUTPUTS = st.text(st.characters(), max_size=80) | st.sampled_from([digest_line(BODY), digest_line(b"another")])
BODIES = st.none() | st.binary(max_size=40) | st.sampled_from([BODY, packed(b"[" * 5000), packed(document({}))])
HOSTILE = st.builds(
    lambda output, status, run, send: invocation(HOST, output, status, Run=run, Send=send),
    OUTPUTS, STATUSES, STATUSES, STATUSES,
)  # fmt: skip


def as_stored(one: Judged) -> bytes:
    lines = [one.outcome._asdict(), *({**line, "at": ""} for line in one.results)]
    return json.dumps(lines, ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None)
@given(told=st.none() | HOSTILE, stored=BODIES, name=st.text(st.characters(), max_size=10))
def test_nothing_a_host_sends_changes_another_hosts_state(told: Any, stored: bytes | None, name: str) -> None:
    """Whatever one host sends, it is judged into one storable state, and its neighbor's verdict stays the same."""
    body = packed(document(host={name: [name]}))
    attack = {HOST: (told, stored), entry(2)["instance"]: (invocation(HOST, digest_line(body)), body)}
    neighbor = entry(3)
    good = (invocation(neighbor["instance"], digest_line(BODY)), BODY)
    alone = judge(PLACE, neighbor, good[0], EXPECTED, lambda _: good[1])
    for number, (invoked, object_of_it) in enumerate(attack.values(), start=1):
        own = entry(number)
        one = judge(PLACE, own, invoked, EXPECTED, lambda _, body=object_of_it: body)  # type: ignore[misc]
        assert one.outcome.state in LEDGER_STATES
        assert {line["instance"] for line in one.results} <= {own["instance"]}
        assert all(not 0xD800 <= ord(character) <= 0xDFFF for character in as_stored(one).decode())
    after = judge(PLACE, neighbor, good[0], EXPECTED, lambda _: good[1])
    assert as_stored(after) == as_stored(alone)
