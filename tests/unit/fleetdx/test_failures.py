"""A caught error becomes one printable sentence and a ledger outcome."""

from __future__ import annotations

import json

import pytest

from fleetdx.failures import outcome_of, sentence_of


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (json.dumps({"errorMessage": "no role", "errorType": "MemberRoleDenied"}), "no role"),
        ("A task timed out.", "A task timed out."),
        ("", ""),
        ('{"errorMessage": 5}', "5"),
        ('{"errorMessage": ""}', '{"errorMessage": ""}'),
        ('{"errorMessage": null}', '{"errorMessage": null}'),
        ("[1]", "[1]"),
        ("null", "null"),
        (json.dumps({"errorMessage": "\u001b[2J\ud800"}), "\ufffd[2J\ufffd"),
        ("a\nb", "a\ufffdb"),
    ],
)
def test_sentence_is_the_errors_message(cause: str, sentence: str) -> None:
    """Lambda's JSON is unwrapped, anything else is repeated, and both are printable."""
    assert sentence_of({"Error": "E", "Cause": cause}) == sentence


def test_long_and_deep_causes_are_cut() -> None:
    """A cause of any size or depth becomes a short sentence."""
    for cause in ("x" * 30_000, "[" * 30_000):
        assert len(sentence_of({"Error": "E", "Cause": cause})) < 600


def test_outcome_names_error_and_reason() -> None:
    """The outcome is a failed scan with the error's reason code."""
    outcome = outcome_of({"Error": "MemberRoleDenied", "Cause": '{"errorMessage": "no role"}'})
    assert outcome == ("scan_failed", "role_not_assumable", "MemberRoleDenied: no role")
    assert outcome_of(None).reason == "unexpected"
