"""The list of reason codes is read once, and knows what goes together."""

from __future__ import annotations

import pytest

from fleetdx.reasons import UNEXPECTED, goes_with, is_documented, is_told_by, reasons


def test_the_list_is_read_once() -> None:
    """A second look costs no second reading: functions ask for each ledger line."""
    assert reasons() is reasons()


def test_only_codes_of_the_list_are_documented() -> None:
    """A code is documented exactly if the list has it, and the code for all others is among them."""
    assert is_documented(UNEXPECTED)
    assert not is_documented("made_up")
    assert not is_documented("")


@pytest.mark.parametrize(
    ("code", "kind", "state", "together"),
    [
        ("verified", "instance", "scanned", True),
        ("verified", "account_region", "scanned", False),
        ("verified", "instance", "scan_failed", False),
        ("entered", "account_region", "scanned", True),
        ("made_up", "instance", "scanned", False),
    ],
)
def test_a_code_goes_with_its_kinds_and_states(code: str, kind: str, state: str, *, together: bool) -> None:
    """A documented code still says nothing about another kind of line or another state."""
    assert goes_with(code, kind, state) is together


@pytest.mark.parametrize(
    ("code", "teller", "tells"),
    [
        ("no_download_tool", "host/Fetch", True),
        ("no_download_tool", "host/Run", False),
        ("role_not_assumable", "host/Run", False),
        ("made_up", "host/Run", False),
    ],
)
def test_a_code_belongs_to_its_tellers(code: str, teller: str, *, tells: bool) -> None:
    """Who may tell a code is part of what is documented."""
    assert is_told_by(code, teller) is tells
