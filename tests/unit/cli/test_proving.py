"""Who asks is proven before anything is started; a busy AWS is asked again, with a signature of its own each time."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from fleetdx.cli.problems import UsageProblem
from fleetdx.cli.proving import prove

MACHINE = "arn:aws:states:ap-northeast-2:999988887777:stateMachine:fleetdx-scan-fleet"
JANE = "arn:aws:iam::999988887777:user/jane"


class Answering:
    """A session whose function gives these answers, one after the other, and keeps what it was asked."""

    def __init__(self, *errors: str | None) -> None:
        self.errors = list(errors)
        self.asked: list[dict[str, Any]] = []
        self.signing = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name="ap-northeast-2")
        self.region_name = "ap-northeast-2"
        self.get_credentials = self.signing.get_credentials

    def client(self, service: str) -> Any:
        """A client of STS to sign for, or the function."""
        return self.signing.client("sts") if service == "sts" else SimpleNamespace(invoke=self.invoke)

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's
        """As boto3's Lambda client."""
        assert FunctionName == "fleetdx-prove-requester"
        self.asked.append(json.loads(Payload))
        error = self.errors.pop(0)
        told = {"errorType": error, "errorMessage": "GetCallerIdentity"} if error else {"requester": JANE}
        return {"Payload": io.BytesIO(json.dumps(told).encode()), **({"FunctionError": "Unhandled"} if error else {})}


def proven(session: Answering) -> str:
    """Who asks for an execution, without waits."""
    return prove(session, MACHINE, "20261123T021500Z-3fa9c1", {"scope": {}}, (0.0, 0.0))  # type: ignore[arg-type]


def test_a_throttle_or_silence_is_asked_again() -> None:
    """Each time for the same execution."""
    session = Answering("ServiceThrottled", "ServiceUnavailable", None)
    assert proven(session) == JANE
    assert len({one["execution"] for one in session.asked}) == 1
    assert len(session.asked) == 3


def test_tries_come_to_an_end() -> None:
    """The last error is told."""
    with pytest.raises(UsageProblem, match="ServiceThrottled: GetCallerIdentity"):
        proven(Answering(*["ServiceThrottled"] * 3))


def test_what_is_not_believed_is_not_asked_again() -> None:
    """Another try would not change it."""
    session = Answering("RequesterNotProven")
    with pytest.raises(UsageProblem, match="cannot be proven: RequesterNotProven"):
        proven(session)
    assert len(session.asked) == 1
