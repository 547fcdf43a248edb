"""A made-up entry of the register that waives findings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fleetdx.exemptions import Exemption


def waiver(scope: dict[str, Any], **fields: Any) -> Exemption:
    """A waiver that holds from November 2026 to January 2027."""
    given: dict[str, Any] = {
        "id": "accepted-1",
        "owner": "payments@example.com",
        "approver": "ciso@example.com",
        "reason": "The appliance cannot be hardened before its replacement.",
        "ticket": "SEC-1234",
        "approved_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "expires_at": dt.datetime(2027, 1, 31, tzinfo=dt.UTC),
        "applies_to": "finding",
    }
    return Exemption(scope=scope, **{**given, **fields})
