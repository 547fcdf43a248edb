"""Who is about to ask is written down once, by AWS's word, if the account is in the organization."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import boto3
import pytest

from fleetdx import keys
from fleetdx.cli.proving import proof_of
from fleetdx.errors import RequesterNotProven
from fleetdx.identities import Identity
from functions.prove_requester import handler
from tests.fakes.organizations import FakeOrganizations, account
from tests.fakes.requesters import JANE
from tests.fakes.s3 import bucket, fake

REGION: Final = "ap-northeast-2"
NAME: Final = "20261123T021500Z-3fa9c1"
EXECUTION: Final = f"arn:aws:states:{REGION}:999988887777:execution:fleetdx-scan-fleet:{NAME}"
REQUEST: Final = {"scope": {"organization": True}}
ORGANIZATION: Final = FakeOrganizations(
    {"r-ab12": []},
    {"r-ab12": [account("999988887777", "security"), account("444455556666", "closed", "SUSPENDED")]},
    "999988887777",
)


def proof(request: Any = REQUEST) -> Any:
    session = boto3.Session("ASIAIOSFODNN7EXAMPLE", "secret", "token", REGION)
    return proof_of(session, EXECUTION, request)


def prove(data: Any, given: Any, arn: str = JANE, account_id: str = "999988887777") -> Any:
    place = handler.Place(REGION, dt.datetime.now(dt.UTC))
    return handler.run(given, data, place, lambda _: Identity(arn, account_id, "AROAEXAMPLE:jane"), ORGANIZATION)  # type: ignore[arg-type]


def test_who_asks_is_written_down_for_the_execution() -> None:
    """With nothing of the proof: neither signature, key nor token."""
    data = bucket()
    assert prove(data, proof()) == {"requester": JANE}
    record = data.get_json(keys.requester(NAME))
    assert (record["arn"], record["execution"]) == (JANE, EXECUTION)
    text = data.get(keys.requester(NAME)).decode()
    assert not any(secret in text for secret in ("X-Amz", "ASIA", "token"))


def test_a_repeated_call_is_harmless() -> None:
    """A client that lost the answer signs anew and asks again; the first record stays."""
    data = bucket()
    prove(data, proof())
    first = data.get(keys.requester(NAME))
    assert prove(data, proof()) == {"requester": JANE}
    assert data.get(keys.requester(NAME)) == first


def test_nobody_takes_over_what_somebody_else_asks_for() -> None:
    """Neither another person nor another input gets the name of an execution that is asked for already."""
    data = bucket()
    prove(data, proof())
    with pytest.raises(RequesterNotProven, match="somebody else"):
        prove(data, proof(), arn=JANE.replace("jane", "mallory"))
    with pytest.raises(RequesterNotProven, match="for something else"):
        prove(data, proof({"scope": {"accounts": ["111122223333"]}}))
    assert data.get_json(keys.requester(NAME))["arn"] == JANE


@pytest.mark.parametrize("stranger", ["000000000000", "444455556666"])
def test_only_active_accounts_of_the_organization_ask(stranger: str) -> None:
    """Everybody on AWS can sign GetCallerIdentity."""
    data = bucket()
    with pytest.raises(RequesterNotProven, match=f"account {stranger} is no active account"):
        prove(data, proof(), account_id=stranger)
    assert fake(data).written == []


def test_what_is_no_proof_asks_nobody() -> None:
    """STS is not bothered, nothing is written."""
    data = bucket()

    def asked(_: object) -> Any:
        raise AssertionError

    place = handler.Place(REGION, dt.datetime.now(dt.UTC))
    with pytest.raises(RequesterNotProven):
        handler.run({"execution": EXECUTION}, data, place, asked, ORGANIZATION)  # type: ignore[arg-type,typeddict-item]
    assert fake(data).written == []
