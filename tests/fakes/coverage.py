"""A made-up sweep: instances of every cause and reason, and its summary in the shape that the function writes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fleetdx.coverage.models import CAUSES, MANAGED_CAUSES, QUIET_CAUSES
from fleetdx.coverage.texts import all_texts
from tests.fakes.ec2 import instance_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.coverage.models import Cause, Change, Changes, CoverageLine, CoverageSummary, CoverageTarget

SWEEP: Final = "20261123T021500Z-3fa9c1"
BEFORE: Final = "20261122T021500Z-77b0e2"
AT: Final = "2026-11-23T02:15:40Z"
SEOUL, TOKYO, VIRGINIA, OREGON = "ap-northeast-2", "ap-northeast-1", "us-east-1", "us-west-2"
ACCOUNTS: Final = {"111122223333": "trading", "444455556666": "payments-운영", "777788889999": "shared-services"}
COMMAND: Final = (
    "sudo dnf install -y https://s3.ap-northeast-2.amazonaws.com/amazon-ssm-ap-northeast-2/latest/linux_amd64/"
    "amazon-ssm-agent.rpm\nsudo systemctl enable --now amazon-ssm-agent"
)
DETAILS: Final = {
    "endpoint_missing": "The VPC vpc-0a1b2c3d4e5f60718 has no endpoint for ssmmessages, and the subnet no way out.",
    "network_acl": "Rule 90 of the network ACL acl-0c4d5e6f708192a3b denies TCP 443 outbound.",
    "denied_by_organization": "ssm:UpdateInstanceInformation is denied by a service control policy.",
    "policies_missing": "The role web-role is not allowed ssm:UpdateInstanceInformation.",
}


def line(number: int = 1, cause: Cause = "no_profile", reason: str | None = None, **changes: Any) -> CoverageLine:
    """One instance; its reason is the cause's first one unless it is given."""
    reason = reason or next(iter(all_texts()["causes"][cause]["reasons"]))
    is_managed, is_quiet = cause in MANAGED_CAUSES, cause in QUIET_CAUSES
    has_agent = is_managed or reason == "agent_not_reporting"
    made: dict[str, Any] = {
        "schema": 1, "kind": "instance", "sweep": SWEEP,
        "account": "111122223333", "account_name": "trading", "region": SEOUL,
        "instance": instance_id(number), "instance_name": f"web-{number}",
        "instance_state": "stopped" if cause == "stopped" else "running",
        "platform": "Linux", "ami": "ami-0a1b2c3d4e5f60718",
        "image_name": "al2023-ami-2023.6" if cause == "agent_silent" else None,
        "vpc": "vpc-0a1b2c3d4e5f60718", "subnet": "subnet-0a1b2c3d4e5f60718",
        "instance_profile": None, "role": None,
        "cause": cause, "reason": reason, "detail": DETAILS.get(reason, "The detail names what is at fault."),
        "mendable": reason in {"no_instance_profile", "policies_missing"},
        "ping_status": ("Online" if is_managed else "ConnectionLost") if has_agent else None,
        "last_ping_at": "2026-11-23T02:14:09Z" if has_agent else None,
        "agent_version": "3.3.3050.0" if has_agent else None,
        "install_command": COMMAND if cause == "agent_silent" else None,
        "session_manager": "available" if is_managed else "unavailable" if not is_quiet else None,
        "patch_compliance": "COMPLIANT" if is_managed else None,
        "control": {
            "status": "PASSED" if is_managed else "FAILED", "updated_at": "2026-11-22T20:00:00Z", "disagreement": None,
        },
        "unmanaged_since": None if is_quiet else "2026-11-20T02:15:40Z",
        "instances": None, "at": AT,
    }  # fmt: skip
    return {**made, **changes}


def unchecked(account: str, region: str, reason: str = "role_not_assumable", **changes: Any) -> CoverageTarget:
    """An account-region that could not be looked at."""
    made: dict[str, Any] = {
        "account": account, "account_name": ACCOUNTS.get(account, "account"), "region": region, "checked": False,
        "instances": 0, "running": 0, "managed": 0, "causes": {}, "reason": reason,
        "detail": "The role fleetdx-member does not trust the calling function.",
    }  # fmt: skip
    return {**made, **changes}


def place_line(target: CoverageTarget) -> CoverageLine:
    """The line of an account-region."""
    keys = ("account", "account_name", "region", "reason", "detail")
    nothing: dict[str, Any] = dict.fromkeys(line(), None)
    count = target["instances"] if target["checked"] else None
    own = {key: dict(target)[key] for key in keys}
    return {**nothing, "schema": 1, "kind": "account_region", "sweep": SWEEP, "mendable": False, **own,
            "instances": count, "at": AT}  # fmt: skip


def _target(lines: list[CoverageLine]) -> CoverageTarget:
    causes = Counter(one["cause"] for one in lines)
    running = [one for one in lines if one["cause"] != "stopped"]
    return {
        "account": lines[0]["account"], "account_name": lines[0]["account_name"], "region": lines[0]["region"],
        "checked": True, "instances": len(lines), "running": len(running),
        "managed": sum(one["cause"] in MANAGED_CAUSES for one in lines), "causes": dict(causes),
        "reason": "checked", "detail": "EC2 and Systems Manager answered.",
    }  # fmt: skip


def summary(lines: Iterable[CoverageLine], others: Iterable[CoverageTarget] = (), **changes: Any) -> CoverageSummary:
    """The summary of these instances; `others` are account-regions without any."""
    lines = list(lines)
    places: dict[tuple[str, str], list[CoverageLine]] = {}
    for one in lines:
        places.setdefault((one["account"], one["region"]), []).append(one)
    targets = [*map(_target, places.values()), *others]
    targets.sort(key=lambda target: (target["account_name"], target["region"]))
    causes = Counter(one["cause"] for one in lines)
    totals: dict[str, Any] = {
        "instances": len(lines), "running": sum(one["cause"] != "stopped" for one in lines),
        "managed": sum(causes[cause] for cause in MANAGED_CAUSES),
        "unmanaged": sum(one["cause"] not in QUIET_CAUSES for one in lines),
        "causes": {cause: causes[cause] for cause in CAUSES},
    }  # fmt: skip
    not_checked = sum(not target["checked"] for target in targets)
    made: dict[str, Any] = {
        "schema": 1, "sweep": SWEEP, "status": "incomplete" if not_checked else "complete",
        "requester": "arn:aws:iam::999988887777:user/cloud-engineer",
        "requester_kind": "proven",
        "request": {"scope": {"organization": True}, "regions": [SEOUL, TOKYO]},
        "started_at": "2026-11-23T02:15:00Z", "finished_at": "2026-11-23T02:17:12Z",
        "totals": totals, "targets": targets, "control": _control(lines), "changes": changed(since=None),
        "trend": [point(SWEEP, AT, totals["running"], totals["unmanaged"], not_checked)],
        "silent_images": _silent_images(lines),
        "unreadable_feeds": [],
    }  # fmt: skip
    return {**made, **changes}


def point(sweep: str, at: str, running: int, unmanaged: int, not_checked: int = 0) -> Any:
    """One sweep of the trend."""
    return {"sweep": sweep, "at": at, "running": running, "managed": running - unmanaged, "unmanaged": unmanaged,
            "not_checked": not_checked}  # fmt: skip


def changed(since: str | None = BEFORE, **changes: Any) -> Changes:
    """What is news; counts follow the lists unless they are given."""
    made: dict[str, Any] = {"since": since, "gone_count": 0, "places_lost": []}
    for kind in ("newly_unmanaged", "managed_again", "other_cause"):
        made[kind] = changes.get(kind, [])
        made[f"{kind}_count"] = len(made[kind])
    return {**made, **changes}


def change(number: int, before: Cause | None, after: Cause | None, **changes: Any) -> Change:
    """One instance whose cause is another one."""
    own = dict(line(number, after or "managed"))
    keys = ("account", "account_name", "region", "instance", "instance_name", "reason", "detail")
    return {**{key: own[key] for key in keys}, "before": before, "after": after, **changes}


def _control(lines: list[CoverageLine]) -> Any:
    controls = [one["control"] for one in lines if one["control"]]
    return {
        "joined": bool(controls), "detail": "" if controls else "Security Hub is not enabled in this account.",
        "statuses": dict(Counter(one["status"] or "none" for one in controls)),
        "disagreements": dict(Counter(one["disagreement"] for one in controls if one["disagreement"])),
        "without_instance": 2,
    }  # fmt: skip


def _silent_images(lines: list[CoverageLine]) -> Any:
    silent = [one for one in lines if one["cause"] == "agent_silent"]
    keys = ("account", "account_name", "region", "ami", "image_name", "install_command")
    counts = Counter(tuple(dict(one)[key] for key in keys) for one in silent)
    return [{**dict(zip(keys, key, strict=True)), "instances": count} for key, count in counts.most_common()]


def every_reason() -> list[CoverageLine]:
    """One instance of each cause and reason, over three accounts and four regions, and a few that need nothing."""
    pairs = [(cause, reason) for cause, texts in all_texts()["causes"].items() for reason in texts["reasons"]]
    accounts, regions = list(ACCOUNTS.items()), [SEOUL, TOKYO, VIRGINIA, OREGON]
    lines = []
    for number, (cause, reason) in enumerate([*pairs, *[("managed", "online")] * 60], 1):
        account, name = accounts[number % 3]
        where = {"account": account, "account_name": name, "region": regions[number % 7 % 4]}
        lines.append(line(number, cause, reason, **where))
    return lines


def whole() -> tuple[CoverageSummary, list[CoverageLine]]:
    """A sweep in which everything occurs: each cause and reason, changes, a trend, silent images, disagreements."""
    lines = every_reason()
    lines[1]["instance_name"] = None
    for one, (disagreement, status) in zip(lines, DISAGREEMENTS, strict=False):
        one["control"] = {"status": status, "updated_at": "2026-11-20T20:00:00Z", "disagreement": disagreement}
    lines[-1].update(session_manager="agent_too_old", patch_compliance="NON_COMPLIANT")
    changes = changed(
        newly_unmanaged=[change(4, "managed", "no_profile"), change(6, None, "missing_policy", instance_name=None)],
        newly_unmanaged_count=7,
        other_cause=[change(11, "no_profile", "no_route"), change(12, "missing_policy", "agent_silent")],
        managed_again=[change(40, "imds_off", "managed")],
        gone_count=3,
        places_lost=[f"777788889999/{OREGON}"],
    )
    others = [
        unchecked("777788889999", "eu-west-1"),
        unchecked("444455556666", "eu-west-1", "throttled", detail="DescribeInstances was refused five times."),
        unchecked("111122223333", "sa-east-1", "checked", checked=True, detail=""),
    ]
    made = summary(lines, others, changes=changes)
    earlier = [
        point(
            f"202611{day:02}T021500Z-{day:06x}", f"2026-11-{day:02}T02:15:00Z", 80 + day, 40 - day % 9, int(day == 14)
        )
        for day in range(3, 23)
    ]
    made["trend"] = [*earlier, *made["trend"]]
    return made, [*map(place_line, made["targets"]), *lines]


DISAGREEMENTS: Final = (
    ("finding_outdated", "FAILED"),
    ("unexplained", "FAILED"),
    ("stopped_instance", "FAILED"),
    ("not_evaluated", None),
    ("recovery_server", "FAILED"),
    ("registered_but_silent", "PASSED"),
)
