"""Where Security Hub's SSM.1 says something else than Systems Manager does, and the likely reason. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict, get_args

from fleetdx.coverage.models import MANAGED_CAUSES, Control, ControlStatus, CoverageLine, Disagreement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.security_hub import ControlFinding

STATUSES = frozenset(get_args(ControlStatus))
AWS_CONFIG_LAG = dt.timedelta(hours=24)
"""While its check runs, Security Hub updates a finding that often (its guide, "Schedule for running checks")."""


class ControlFindings(TypedDict):
    """What Security Hub says of a region: by `account/instance` the newest status and when it was updated.

    `why_not_joined` is empty where it was asked; `findings` is then complete.
    """

    region: str
    why_not_joined: str
    findings: dict[str, list[str]]


class CheckedInstance(TypedDict):
    """A line as CheckCoverage leaves it, with what the join needs besides."""

    line: CoverageLine
    is_recovery_server: bool
    registered_at: str | None


def newest(region: str, findings: Iterable[ControlFinding]) -> ControlFindings:
    """The newest finding of each instance: without consolidated findings there is one a standard."""
    kept: dict[str, list[str]] = {}
    for finding in findings:
        name = f"{finding.account}/{finding.instance}"
        if name not in kept or kept[name][1] < finding.updated_at:
            kept[name] = [finding.status, finding.updated_at]
    return {"region": region, "why_not_joined": "", "findings": kept}


def not_joined(region: str, why: str) -> ControlFindings:
    """The findings of a region that nobody could be asked for."""
    return {"region": region, "why_not_joined": why, "findings": {}}


def control_of(checked: CheckedInstance, findings: ControlFindings, now: dt.datetime) -> Control | None:
    """What SSM.1 says of an instance; None where Security Hub was not asked."""
    if findings["why_not_joined"]:
        return None
    line = checked["line"]
    told = findings["findings"].get(f"{line['account']}/{line['instance']}")
    status: Any = told[0] if told and told[0] in STATUSES else None
    updated_at = told[1] if told else None
    return {
        "status": status,
        "updated_at": updated_at,
        "disagreement": _disagreement(checked, status, updated_at, now),
    }


def is_recovery_server(tags: Mapping[str, str]) -> bool:
    """Whether AWS Elastic Disaster Recovery runs an instance for its replication, as its tags say."""
    return any(key.startswith("AWSElasticDisasterRecovery") for key in tags)


def _disagreement(
    checked: CheckedInstance, status: ControlStatus | None, updated_at: str | None, now: dt.datetime
) -> Disagreement | None:
    line = checked["line"]
    is_managed, is_stopped = line["cause"] in MANAGED_CAUSES, line["cause"] == "stopped"
    if status == "FAILED" and checked["is_recovery_server"]:
        return "recovery_server"
    if is_stopped:
        return "stopped_instance" if status == "FAILED" else None
    if status not in {"PASSED", "FAILED"}:
        return "not_evaluated"
    if (status == "PASSED") == is_managed:
        return None
    if not is_managed and line["ping_status"] is not None:
        return "registered_but_silent"
    return "finding_outdated" if _is_outdated(updated_at, checked["registered_at"], now) else "unexplained"


def _is_outdated(updated_at: str | None, registered_at: str | None, now: dt.datetime) -> bool:
    updated = moment_of(updated_at)
    if updated is None:
        return False
    registered = moment_of(registered_at)
    return now - updated > AWS_CONFIG_LAG or (registered is not None and updated < registered)


def moment_of(text: str | None) -> dt.datetime | None:
    """A moment as AWS or a line of ours writes it (RFC 3339); None where there is none."""
    try:
        found = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
