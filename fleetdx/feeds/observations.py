"""Observations from the lines of a run and of a sweep: checks, gaps of the scan, and causes of not being managed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.coverage.models import MANAGED_CAUSES, QUIET_CAUSES
from fleetdx.feeds.models import (
    INSTANCE_MANAGED,
    INSTANCE_SCANNED,
    NO_INSTANCE,
    PLACE_CHECKED,
    PLACE_ENTERED,
    SCAN_ITEM,
    SWEEP_ITEM,
    FindingKey,
    Observation,
)
from fleetdx.models import GAP_STATES

if TYPE_CHECKING:
    from fleetdx.coverage.models import CoverageLine
    from fleetdx.models import LedgerLine, ResultLine, Severity, Verdict

GAP_SEVERITY: Final[Severity] = "medium"
"""Of what was not scanned or is not managed: what Security Hub gives SSM.1."""
CHECKED: Final = "checked"


def of_result(line: ResultLine) -> Observation:
    """What a check found on an instance."""
    return Observation(
        FindingKey(line["account"], line["region"], line["instance"], line["item"], line["check"]),
        "check",
        line["verdict"],
        line["severity"],
        line["reason"],
        "",
        line["evidence"],
        None,
        *_origin(line),
        line.get("first_seen"),
        line.get("failing_since"),
        line.get("waiver"),
    )


def of_ledger(line: LedgerLine) -> Observation:
    """Whether an instance was scanned, or an account-region entered.

    A gap fails. What is stopped, unsupported or excluded is accounted for without a scan: not applicable.
    """
    state = line["state"]
    verdict: Verdict = "pass" if state == "scanned" else "fail" if state in GAP_STATES else "not_applicable"
    check = INSTANCE_SCANNED if line["instance"] else PLACE_ENTERED
    return Observation(
        FindingKey(line["account"], line["region"], line["instance"] or NO_INSTANCE, SCAN_ITEM, check),
        "scan",
        verdict,
        GAP_SEVERITY,
        line["reason"],
        line["detail"],
        [],
        None,
        *_origin(line),
    )


def of_sweep(line: CoverageLine) -> Observation:
    """Whether Systems Manager manages an instance and why not, or whether a sweep could look at an account-region.

    `unknown` fails: the instance is not managed, and nobody can tell why from outside.
    """
    cause, control = line["cause"], line["control"]
    check = INSTANCE_MANAGED if line["instance"] else PLACE_CHECKED
    return Observation(
        FindingKey(line["account"], line["region"], line["instance"] or NO_INSTANCE, SWEEP_ITEM, check),
        "sweep",
        _verdict_of(line),
        GAP_SEVERITY,
        f"{cause}/{line['reason']}" if cause else line["reason"],
        line["detail"],
        [],
        control["status"] if control else None,
        line["account_name"],
        line["instance_name"],
        line["ami"],
        line["sweep"],
        "",
        None,
        line["at"],
    )


def _origin(
    line: ResultLine | LedgerLine,
) -> tuple[str, str | None, str | None, str, str, str | None, str]:
    names = line["account_name"], line["instance_name"], line["ami"]
    return *names, line["run"], line["profile"], line["bundle"], line["at"]


def _verdict_of(line: CoverageLine) -> Verdict:
    if line["cause"] is None:
        # Of a suspended account nobody has to do anything: it is known to run nothing.
        return "pass" if line["reason"] == CHECKED else "fail" if line["instances"] is None else "not_applicable"
    if line["cause"] in MANAGED_CAUSES:
        return "pass"
    return "not_applicable" if line["cause"] in QUIET_CAUSES else "fail"
