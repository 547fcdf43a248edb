"""An execution of ensure_ssm_ready as its states hand it on, and the member account that they find."""

from __future__ import annotations

from typing import Any

ACCOUNT, REGION, INSTANCE = "111122223333", "ap-northeast-2", "i-0123456789abcdef0"
EXECUTION = f"{ACCOUNT}-{REGION}-{INSTANCE}-1"
CORE = "aws/AmazonSSMManagedInstanceCore"


def core(partition: str = "aws") -> str:
    """The ARN of the required policy."""
    return f"arn:{partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"


def role_arn(name: str = "web", partition: str = "aws") -> str:
    """The ARN of a role of the account, with a path."""
    return f"arn:{partition}:iam::{ACCOUNT}:role/payments/{name}"


def target(**changes: Any) -> dict[str, Any]:
    """What ReceiveEvent hands to the execution."""
    return {
        "account": ACCOUNT,
        "region": REGION,
        "instance_id": INSTANCE,
        "event_id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "occurred_at": "2026-11-26T02:15:00Z",
        "reason": "EC2 Instance State-change Notification",
        "execution": EXECUTION,
        "told": {"outcome": "", "reason": ""},
        **changes,
    }


def found(partition: str = "aws", **changes: Any) -> dict[str, Any]:
    """What ResolveInstanceRole finds: a running instance with a role, and no agent yet."""
    return {
        "state": "running",
        "profile_arn": f"arn:{partition}:iam::{ACCOUNT}:instance-profile/payments/web-profile",
        "role_name": "web",
        "role_arn": role_arn(partition=partition),
        "tag_keys": [],
        "ping": "",
        "is_over": False,
        "conclusion": None,
        **changes,
    }


def configuration(**changes: Any) -> dict[str, Any]:
    """The configuration as CheckExemption hands it on."""
    return {
        "mode": "enforce",
        "why_report_only": "",
        "required_policies": [CORE],
        "default_instance_profile": "",
        "registration_wait_seconds": 3900,
        "notify": "all",
        "scan_profile": "",
        **changes,
    }


def checked(**changes: Any) -> dict[str, Any]:
    """What CheckExemption finds: nothing is exempt and nothing is announced; `configuration` holds changes of it."""
    given = configuration(**changes.pop("configuration", {}))
    return {
        "configuration": given,
        "announcements": [],
        "is_over": False,
        "is_quiet": True,
        "wants_scan": False,
        "conclusion": None,
        **changes,
    }
