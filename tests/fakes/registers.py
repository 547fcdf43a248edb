"""A register of waivers as its operator writes it."""

from __future__ import annotations

import json
from typing import Any


def register_of(name: str, scope: dict[str, Any], item: str) -> bytes:
    """The register with one waiver of an item, which holds through 2026."""
    entry = {
        "id": name,
        "applies_to": "finding",
        "item": item,
        "scope": scope,
        "owner": "trading@example.com",
        "approver": "ciso@example.com",
        "reason": "The relay is replaced in January.",
        "ticket": "SEC-1234",
        "approved_at": "2026-01-01T00:00:00Z",
        "expires_at": "2026-12-31T00:00:00Z",
    }
    return json.dumps({"schema": 1, "exemptions": [entry]}).encode()
