"""What became of an instance that a sweep has handed on, from its record and its executions."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest

from fleetdx import instance_records
from fleetdx.cli import mended
from tests.fakes.coverage import line
from tests.fakes.s3 import bucket

LINE = line(1, "missing_policy", at="2026-11-26T19:00:00Z")
BEFORE, AFTER = "2026-11-26T18:00:00Z", "2026-11-26T19:00:00Z"
MACHINE = "arn:aws:states:ap-northeast-2:222222222222:stateMachine:fleetdx-ensure-ssm-ready"
OUTPUT = json.dumps({"outcome": "mended", "reason": "policy_attached", "detail": ""})


class Absent(Exception):
    """Step Functions' ExecutionDoesNotExist."""


def outcome(occurred_at: str | None, execution: dict[str, Any] | None, *, is_late: bool) -> Any:
    """What is told with a record whose last event occurred then, and that execution."""
    data = bucket()
    if occurred_at is not None:
        given: Any = {"execution": "x", "occurred_at": occurred_at}
        record: Any = {
            **{name: LINE[name] for name in ("account", "region")}, "generation": 1, "given": given,
            "event_ids": [], "told": {"outcome": "", "reason": ""}, "told_by": "",
        }  # fmt: skip
        key = f"instances/{LINE['account']}/{LINE['region']}/{LINE['instance']}.json"
        data.put_json(key, record)
        assert instance_records.load(data, LINE["account"], LINE["region"], str(LINE["instance"])).record is not None

    def describe(**_: Any) -> Any:
        if execution is None:
            raise Absent
        return {"input": json.dumps({"event_id": "another"}), "output": OUTPUT, **execution}

    states = SimpleNamespace(describe_execution=describe, exceptions=SimpleNamespace(ExecutionDoesNotExist=Absent))
    deployment: Any = SimpleNamespace(
        data=data,
        session=SimpleNamespace(client=lambda _: states),
        events=SimpleNamespace(ensure_ssm_ready=MACHINE),
    )
    told = mended._outcome(deployment, LINE, is_late=is_late)
    return told["outcome"] if told else None


RUNNING: dict[str, Any] = {"status": "RUNNING"}
LONG_ENDED: dict[str, Any] = {"status": "SUCCEEDED", "stopDate": dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)}
JUST_ENDED: dict[str, Any] = {"status": "SUCCEEDED", "stopDate": dt.datetime(2026, 11, 26, 19, 5, tzinfo=dt.UTC)}


@pytest.mark.parametrize(
    ("occurred_at", "execution", "is_late", "told"),
    [
        (None, None, False, None),
        (None, None, True, "not_taken"),
        (AFTER, None, True, None),
        (AFTER, RUNNING, True, None),
        (AFTER, JUST_ENDED, False, "mended"),
        (BEFORE, JUST_ENDED, False, None),
        (BEFORE, JUST_ENDED, True, "mended"),
        (BEFORE, RUNNING, True, None),
        (BEFORE, LONG_ENDED, True, "not_taken"),
    ],
)
def test_an_execution_that_was_under_way_covers_what_the_sweep_found(
    occurred_at: str | None,
    execution: dict[str, Any] | None,
    is_late: bool,  # noqa: FBT001 - a parameter
    told: str | None,
) -> None:
    """It is waited for and its end is told; only where nothing was at work for the instance nothing has begun."""
    assert outcome(occurred_at, execution, is_late=is_late) == told
