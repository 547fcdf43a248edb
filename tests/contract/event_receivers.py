"""Functions that tests map to queues."""

from __future__ import annotations

from typing import Any

RECEIVED: list[list[str]] = []
"""The bodies of each batch, in the order of arrival."""


def give_back_what_is_bad(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keeps what it is given; hands back every message whose body begins with `bad`."""
    records = event["Records"]
    RECEIVED.append([record["body"] for record in records])
    bad = [record["messageId"] for record in records if record["body"].startswith("bad")]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in bad]}
