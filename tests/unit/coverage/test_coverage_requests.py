"""Coverage requests: completed, or refused with a pointer."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx.coverage.requests import complete_coverage_request, view_of
from fleetdx.errors import InvalidRequest

REGIONS = ("ap-northeast-2", "us-east-1")


def test_defaults_are_filled_in() -> None:
    """A sweep looks everywhere, mends nothing and tells."""
    assert complete_coverage_request({"scope": {"organization": True}}, REGIONS) == {
        "scope": {"organization": True},
        "regions": list(REGIONS),
        "mend": False,
        "notify": True,
    }


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({}, "/scope"),
        ({"scope": {}}, "/scope"),
        ({"scope": {"organization": False}}, "/scope/organization"),
        ({"scope": {"accounts": ["12"]}}, "/scope/accounts/0"),
        ({"scope": {"instances": ["i-1"]}}, "/scope/instances"),
        ({"scope": {"organization": True}, "regions": ["kr-seoul-1"]}, "/regions/0"),
        ({"scope": {"organization": True}, "regions": []}, "/regions"),
        ({"scope": {"organization": True}, "mend": "yes"}, "/mend"),
        ({"scope": {"organization": True}, "profile": "kisa_unix_2026"}, "/profile"),
        ("everything", ""),
        ([[[[]]]], ""),
    ],
)
def test_a_fault_is_pointed_at(document: Any, pointer: str) -> None:
    """Nothing is started for a request that breaks its schema."""
    with pytest.raises(InvalidRequest) as refused:
        complete_coverage_request(document, REGIONS)
    assert refused.value.pointer == pointer


def test_a_request_that_means_no_region_is_refused() -> None:
    """Neither the request nor the stack names one."""
    with pytest.raises(InvalidRequest, match="/regions"):
        complete_coverage_request({"scope": {"organization": True}})


def test_the_same_view_has_the_same_name_in_any_order() -> None:
    """Sweeps are compared where they look at the same, whatever they do about it."""
    some: Any = {"scope": {"accounts": ["1", "2"]}, "regions": ["a", "b"], "mend": False, "notify": True}
    same: Any = {"scope": {"accounts": ["2", "1"]}, "regions": ["b", "a"], "mend": True, "notify": False}
    other: Any = {**some, "regions": ["a"]}
    assert view_of(some) == view_of(same) != view_of(other)
