"""What the command line starts an execution with means what its options said."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.cli import runs
from fleetdx.cli.scan_request import ScanOptions, request_from
from fleetdx.requests import complete_request
from tests.unit.cli.test_proving import MACHINE, Answering

if TYPE_CHECKING:
    from pathlib import Path

REGIONS = ("ap-northeast-2",)


class Starting(Answering):
    """A session that proves who asks, and keeps the inputs of executions."""

    def __init__(self) -> None:
        super().__init__(None)
        self.inputs: list[dict[str, Any]] = []

    def client(self, service: str) -> Any:
        """Step Functions too."""
        return SimpleNamespace(start_execution=self.start) if service == "stepfunctions" else super().client(service)

    def start(self, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:  # noqa: A002, N803 - boto3's
        """As boto3's client of Step Functions."""
        self.inputs.append(json.loads(input))
        return {"executionArn": f"{stateMachineArn}:{name}"}


@pytest.mark.parametrize(
    "options",
    [
        ScanOptions(),
        ScanOptions(exports=("none",)),
        ScanOptions(exports=("csv",)),
        ScanOptions(tags=("Env=prod",), checks=("U-01",), dry_run=True, ignore_windows=True),
        ScanOptions(accounts=("333333333333",), canary=("333333333333/ap-northeast-2",), delivery="inline", force=True),
    ],
)
def test_the_execution_is_asked_for_what_was_typed(options: ScanOptions, tmp_path: Path) -> None:
    """Its input, with the defaults of whoever reads it, is the request; that no file is wanted is part of it."""
    session, request = Starting(), request_from(options, REGIONS, (), tmp_path)
    deployment: Any = SimpleNamespace(session=session, scan_fleet=MACHINE)
    runs.start(deployment, request)
    assert [complete_request(one, REGIONS) for one in session.inputs] == [request]
