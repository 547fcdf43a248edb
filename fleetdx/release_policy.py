"""What a published bundle needs before new runs use it: a second person, a signature, or nothing.

Whoever may write this document and `config/current.json` decides whether it holds; that hosts want a signature, their
SSM document says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fleetdx import keys
from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

Approval = Literal["none", "second_person"]


def approval_of(data: Bucket) -> Approval:
    """What a published bundle needs before new runs use it; a policy that cannot be read asks for a second person."""
    try:
        policy = data.get_json(keys.RELEASE_POLICY)
    except RecordMissing:
        # Nobody has written one; or what lies there is not JSON.
        return "second_person" if any(data.keys(keys.RELEASE_POLICY)) else "none"
    return "none" if isinstance(policy, dict) and policy.get("approval") == "none" else "second_person"


def signing_key_of(data: Bucket) -> str | None:
    """ARN of the KMS key that signs what takes effect; None where bundles are not signed."""
    try:
        policy = data.get_json(keys.RELEASE_POLICY)
    except RecordMissing:
        return None
    key = policy.get("signing_key") if isinstance(policy, dict) else None
    return key if isinstance(key, str) else None


def set_policy(data: Bucket, approval: Approval, signing_key: str | None = None) -> None:
    """Say what a published bundle needs from now on, and which key signs it, if one does."""
    data.put_json(keys.RELEASE_POLICY, {"schema": 1, "approval": approval, "signing_key": signing_key})
