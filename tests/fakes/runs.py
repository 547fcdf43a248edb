"""A small made-up run: a profile of three checks, hosts that answer to it, and the records of earlier states."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any

from fleetdx import keys, releases
from fleetdx.inventory import build_inventory
from fleetdx.ledger import Place
from fleetdx.models import VERDICT_LETTERS
from tests.fakes.ec2 import instance, instance_id, node

if TYPE_CHECKING:
    from fleetdx.batches import BatchState
    from fleetdx.inventory import Inventory, InventoryInstance
    from fleetdx.models import Catalog, CatalogProfile, InlinePart
    from fleetdx.storage import Bucket

RUN = "20261123T021500Z-3fa9c1"
ACCOUNT, ACCOUNT_NAME, REGION = "111122223333", "trading", "ap-northeast-2"
SCRIPT = b"#!/bin/sh\n"
BUNDLE = hashlib.sha256(SCRIPT).hexdigest()
PROFILE_NAME = "kisa_unix_2026"
PROFILE: CatalogProfile = {
    "title": {"en": "KISA", "ko": "KISA"},
    "edition": "KISA 2026",
    "items_in_edition": 67,
    "items": [
        {
            "item": "U-01",
            "importance": "high",
            "title": {"en": "Root login", "ko": "루트"},
            "checks": ["root_ssh_login_denied"],
        },
        {
            "item": "U-02",
            "importance": "medium",
            "title": {"en": "Passwords", "ko": "비밀번호"},
            "checks": ["password_length_enforced", "password_hash_strong"],
        },
        {
            "item": "U-03",
            "importance": "low",
            "title": {"en": "Hash again", "ko": "해시"},
            "checks": ["password_hash_strong"],
        },
    ],
    "checks": ["root_ssh_login_denied", "password_length_enforced", "password_hash_strong"],
}
CHECKS = PROFILE["checks"]
PART_SCRIPTS = [b"#!/bin/sh\n# first part\n", b"#!/bin/sh\n# second part\n"]
PARTS: list[InlinePart] = [
    {"bundle": hashlib.sha256(script).hexdigest(), "checks": checks}
    for script, checks in zip(PART_SCRIPTS, (CHECKS[:2], CHECKS[2:]), strict=True)
]
VERDICTS = dict(zip(CHECKS, ["pass", "fail", "manual"], strict=True))
PLAIN_CATALOG: Catalog = {
    "schema": 1,
    "bundle": BUNDLE,
    "profiles": {PROFILE_NAME: PROFILE},
    "checks": {
        name: {
            "id": name,
            "title": {"en": name, "ko": name},
            "category": "sshd",
            "severity": "high",
            "rationale": {"en": "because", "ko": "이유"},
            "check_by_hand": {"en": "look", "ko": "확인"},
            "remediation": {"en": "mend", "ko": "조치"},
            "needs_root": False,
            "needs_live": False,
            "needs_walk": False,
            "parameters": {},
            "references": [{"scheme": "cis", "id": "1"}],
        }
        for name in CHECKS
    },
}
"""A bundle without inline parts, as they were before there were any."""
CATALOG: Catalog = {**PLAIN_CATALOG, "inline": {PROFILE_NAME: PARTS}}
PLACE = Place(RUN, ACCOUNT, ACCOUNT_NAME, REGION, PROFILE_NAME, BUNDLE)
OPENED: dict[str, Any] = {
    "run": RUN,
    "bundle": BUNDLE,
    "profile": PROFILE_NAME,
    "dry_run": False,
    "notify": True,
    "requester": f"arn:aws:states:{REGION}:{ACCOUNT}:execution:fleetdx-scan-fleet:{RUN}",
    "requester_kind": "unproven",
    "started_at": "2026-11-23T02:15:00Z",
    "opening": 0,
}
TARGET: dict[str, Any] = {
    "run": RUN,
    "opening": 0,
    "bundle": BUNDLE,
    "profile": PROFILE_NAME,
    "account": ACCOUNT,
    "account_name": ACCOUNT_NAME,
    "region": REGION,
    "management": False,
    "instances": [],
    "canary_instances": 0,
    "after_canary": False,
    "starts_before": None,
}
REQUEST: dict[str, Any] = {
    "scope": {"organization": True},
    "regions": [REGION],
    "tags": {},
    "profile": PROFILE_NAME,
    "checks": [],
    "delivery": "s3",
    "max_attempts": 2,
    "max_concurrency": "50",
    "max_errors": "100%",
    "execution_timeout_seconds": 600,
    "delivery_timeout_seconds": 600,
    "notify": True,
    "dry_run": False,
    "force": False,
    "canary": None,
    "ignore_windows": False,
}


def entry(number: int = 1) -> InventoryInstance:
    """The inventory's entry of a running, managed instance."""
    return {
        "instance": instance_id(number),
        "instance_name": f"web-{number}",
        "ami": "ami-0123456789abcdef0",
        "platform": "Linux",
        "state": None,
        "reason": "to_scan",
        "detail": "Running and managed by SSM.",
    }


def batch_state(number: int = 0, attempt: int = 0, last_attempt: int = 1, **changes: Any) -> BatchState:
    """A batch as the state machine carries it: its first attempt by S3, and one retry, where nothing else is said."""
    state = {"number": number, "attempt": attempt, "last_attempt": last_attempt}
    return {**state, "delivery": "s3", "part": 0, "wait_seconds": 0, **changes}  # type: ignore[return-value]


def document(verdicts: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """What scan.sh prints on a host."""
    told = VERDICTS if verdicts is None else verdicts
    return {
        "schema": 1,
        "profile": PROFILE_NAME,
        "host": {"hostname": "web", "live": True, "scanner_uid": 0},
        "started_at": "2026-11-23T02:16:00Z",
        "duration_ms": 812,
        "results": [
            {
                "item": "U-01",
                "check": check,
                "verdict": verdict,
                "reason": f"{check} is {verdict}.",
                "evidence": [f"/etc/{check}: 1"],
                "duration_ms": 3,
            }
            for check, verdict in told.items()
        ],
        **changes,
    }


def packed(content: Any) -> bytes:
    """A document as a host sends it; bytes are packed as they are."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return gzip.compress(text, mtime=0)


def digest_line(body: bytes, verdicts: dict[str, str] | None = None, *, bundle: str = BUNDLE, **named: str) -> str:
    """The line that authenticates a body."""
    told = VERDICTS if verdicts is None else verdicts
    letters = "".join(VERDICT_LETTERS[told[check]] if check in told else "-" for check in CHECKS)  # type: ignore[index]
    profile = named.get("profile", PROFILE_NAME)
    return f"fleetdx/1 {profile} {bundle} {hashlib.sha256(body).hexdigest()} {letters}\n"


def invocation(identifier: str, output: str, status: str = "Success", **plugins: str) -> dict[str, Any]:
    """An invocation as ListCommandInvocations tells it with details; other steps by name and status."""
    steps = {"Fetch": "Success", "Verify": "Success", "Run": "Success", "Send": "Success", **plugins}
    return {
        "InstanceId": identifier,
        "Status": status,
        "StatusDetails": status,
        "CommandPlugins": [
            {"Name": name, "Status": one, "ResponseCode": 0, "Output": output if name == "Run" else ""}
            for name, one in steps.items()
        ],
    }


def inventory_of(number: int, others: list[dict[str, Any]] | None = None) -> Inventory:
    """An inventory of so many instances that can be scanned, and of others as EC2 tells them."""
    running = [instance(instance_id(one), Name=f"web-{one}") for one in range(1, number + 1)]
    nodes = [node(one["InstanceId"]) for one in running]
    return build_inventory(TARGET, [*running, *(others or [])], nodes, {})


def open_run(data: Bucket, **changes: Any) -> None:
    """Publish the bundle and write the request as ValidateRequest leaves it."""
    publish_bundle(data)
    data.put_json(keys.request(RUN), {**OPENED, "request": {**REQUEST, **changes}})


def store_inventory(data: Bucket, number: int, others: list[dict[str, Any]] | None = None) -> Inventory:
    """Write an inventory as DiscoverInstances leaves it."""
    inventory = inventory_of(number, others)
    data.put_json(keys.inventory(RUN, ACCOUNT, REGION), dict(inventory))
    return inventory


def publish_bundle(data: Bucket) -> None:
    """Publish the made-up bundle, as somebody did long ago; again it changes nothing."""
    if not releases.history(data):
        actor = releases.Actor("arn:aws:iam::111122223333:user/publisher", dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
        parts = {part["bundle"]: script for part, script in zip(PARTS, PART_SCRIPTS, strict=True)}
        releases.publish(data, BUNDLE, SCRIPT, CATALOG, actor, parts)
