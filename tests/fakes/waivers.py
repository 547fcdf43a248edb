"""Made-up entries of the register that waive findings and exclude instances."""

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


def exclusion(scope: dict[str, Any], **fields: Any) -> Exemption:
    """An exclusion that holds whenever a test runs: approved in the last hour, for ninety days."""
    now = dt.datetime.now(dt.UTC)
    term = {"approved_at": now - dt.timedelta(hours=1), "expires_at": now + dt.timedelta(days=90)}
    return waiver(scope, **{"applies_to": "scan", "id": "kept-1", **term, **fields})
