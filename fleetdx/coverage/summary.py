"""The sum of a sweep: totals, account-regions, the join with Security Hub, and silent agents by image. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, TypedDict

from fleetdx.coverage.changes import is_unmanaged
from fleetdx.coverage.models import (
    CAUSES,
    MANAGED_CAUSES,
    Changes,
    ControlSummary,
    CoverageSummary,
    CoverageTarget,
    CoverageTotals,
    SilentImage,
    TrendPoint,
)
from fleetdx.inventory import STOPPED_STATES
from fleetdx.requesters import RequesterKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fleetdx.coverage.control import ControlFindings
    from fleetdx.coverage.models import CoverageLine

MOST_TREND_POINTS = 60
MOST_IMAGES = 200
Place = tuple[str, str]
"""Account and region."""


class SweepFacts(TypedDict):
    """What is known of a sweep before its lines are read."""

    sweep: str
    requester: str
    requester_kind: RequesterKind
    request: dict[str, Any]
    started_at: str
    finished_at: str


def build_coverage_summary(
    facts: SweepFacts,
    lines: Sequence[CoverageLine],
    control: ControlSummary,
    changes: Changes,
    trend: Sequence[TrendPoint],
) -> CoverageSummary:
    """Sum up a sweep.

    Args:
        facts: Who asked for what, and when.
        lines: All lines: those of instances, and one an account-region.
        control: How SSM.1 was joined.
        changes: What is news.
        trend: The sweeps before, the oldest first.
    """
    totals, targets = _totals(lines), _targets(lines)
    lost = sum(not target["checked"] for target in targets)
    own: TrendPoint = {
        "sweep": facts["sweep"],
        "at": facts["started_at"],
        "running": totals["running"],
        "managed": totals["managed"],
        "unmanaged": totals["unmanaged"],
        "not_checked": lost,
    }
    return {
        "schema": 1,
        **facts,
        "status": "incomplete" if lost else "complete",
        "totals": totals,
        "targets": targets,
        "control": control,
        "changes": changes,
        "trend": [*trend, own][-MOST_TREND_POINTS:],
        "silent_images": _silent_images(lines),
        "unreadable_feeds": [],
    }


def control_summary(lines: Iterable[CoverageLine], regions: Iterable[ControlFindings]) -> ControlSummary:
    """Add up what SSM.1 says, and where it disagrees.

    Args:
        lines: The lines with their `control`.
        regions: What each region was asked, or why not.
    """
    findings = list(regions)
    asked = [one for one in findings if not one["why_not_joined"]]
    names, statuses, disagreements = set(), Counter[str](), Counter[Any]()
    for line in lines:
        control = line["control"]
        if control is None:
            continue
        names.add(f"{line['account']}/{line['instance']}")
        statuses[control["status"] or "none"] += 1
        disagreements[control["disagreement"]] += control["disagreement"] is not None
    told = {name for one in asked for name in one["findings"]}
    seen = {line["account"] for line in lines}
    return {
        "joined": bool(asked),
        "detail": "; ".join(sorted({one["why_not_joined"] for one in findings if one["why_not_joined"]})),
        "statuses": dict(sorted(statuses.items())),
        "disagreements": {reason: count for reason, count in sorted(disagreements.items(), key=str) if count},
        "without_instance": sum(name not in names and name.split("/")[0] in seen for name in told),
    }


def _totals(lines: Iterable[CoverageLine]) -> CoverageTotals:
    causes: Counter[Any] = Counter()
    running = 0
    for line in lines:
        if line["kind"] == "instance":
            causes[line["cause"]] += 1
            running += _runs(line)
    return {
        "instances": causes.total(),
        "running": running,
        "managed": sum(causes[cause] for cause in MANAGED_CAUSES),
        "unmanaged": sum(count for cause, count in causes.items() if is_unmanaged(cause)),
        "causes": {cause: causes[cause] for cause in CAUSES},
    }


def _runs(line: CoverageLine) -> bool:
    return line["instance_state"] not in STOPPED_STATES


def _targets(lines: Iterable[CoverageLine]) -> list[CoverageTarget]:
    of_place: defaultdict[Place, list[CoverageLine]] = defaultdict(list)
    own: dict[Place, CoverageLine] = {}
    for line in lines:
        place = (line["account"], line["region"])
        if line["kind"] == "instance":
            of_place[place].append(line)
        else:
            own[place] = line
    targets = [_target(line, of_place[place]) for place, line in own.items()]
    return sorted(targets, key=lambda target: (target["account_name"], target["account"], target["region"]))


def _target(own: CoverageLine, lines: list[CoverageLine]) -> CoverageTarget:
    causes = Counter(line["cause"] for line in lines if line["cause"] is not None)
    return {
        "account": own["account"],
        "account_name": own["account_name"],
        "region": own["region"],
        "checked": own["instances"] is not None,
        "instances": len(lines),
        "running": sum(_runs(line) for line in lines),
        "managed": sum(causes[cause] for cause in MANAGED_CAUSES),
        "causes": {cause: causes[cause] for cause in CAUSES if causes[cause]},
        "reason": own["reason"],
        "detail": own["detail"],
    }


def _silent_images(lines: Iterable[CoverageLine]) -> list[SilentImage]:
    """The most instances first; an image has another id in each region, and its own in each account that copies it."""
    groups: defaultdict[tuple[str, str, str], list[CoverageLine]] = defaultdict(list)
    for line in lines:
        if line["cause"] == "agent_silent":
            groups[line["account"], line["region"], line["ami"] or ""].append(line)
    images: list[SilentImage] = [
        {
            "ami": ami,
            "image_name": group[0]["image_name"],
            "account": account,
            "account_name": group[0]["account_name"],
            "region": region,
            "instances": len(group),
            "install_command": group[0]["install_command"],
        }
        for (account, region, ami), group in groups.items()
    ]
    ranked = sorted(images, key=lambda image: (-image["instances"], image["account"], image["region"], image["ami"]))
    return ranked[:MOST_IMAGES]
