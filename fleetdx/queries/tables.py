"""The tables that queries ask: the same names and columns in Athena and in DuckDB, none of them inferred.

`results` has a line a check and host, `ledger` a line an instance and account-region, `changes` a line a finding that
began or ended; fleetdx/models.py tells what each field means. In Athena `results` are the parts that batches wrote,
which know none of `first_seen`, `failing_since` and `group_failing_since`: these are null there, and the changes tell
them.
"""

from __future__ import annotations

from typing import Final, Literal

ColumnType = Literal["text", "number", "texts"]
TableName = Literal["results", "ledger", "changes"]

_PLACE: Final[dict[str, ColumnType]] = {
    "account": "text",
    "account_name": "text",
    "region": "text",
    "instance": "text",
    "instance_name": "text",
}

TABLES: Final[dict[TableName, dict[str, ColumnType]]] = {
    "results": {
        "run": "text",
        **_PLACE,
        "ami": "text",
        "profile": "text",
        "bundle": "text",
        "at": "text",
        "item": "text",
        "check": "text",
        "severity": "text",
        "verdict": "text",
        "reason": "text",
        "evidence": "texts",
        "duration_ms": "number",
        "first_seen": "text",
        "failing_since": "text",
        "auto_scaling_group": "text",
        "group_failing_since": "text",
    },
    "ledger": {
        "kind": "text",
        "run": "text",
        **_PLACE,
        "ami": "text",
        "platform": "text",
        "state": "text",
        "reason": "text",
        "detail": "text",
        "profile": "text",
        "bundle": "text",
        "at": "text",
        "delivery": "text",
        "instances": "number",
    },
    "changes": {
        "change": "text",
        **_PLACE,
        "profile": "text",
        "item": "text",
        "check": "text",
        "severity": "text",
        "first_seen": "text",
        "failing_since": "text",
        "at": "text",
        "auto_scaling_group": "text",
        "group_failing_since": "text",
        "group_fixed_on": "text",
    },
}

GLUE_TYPES: Final[dict[ColumnType, str]] = {"text": "string", "number": "bigint", "texts": "array<string>"}
DUCKDB_TYPES: Final[dict[ColumnType, str]] = {"text": "VARCHAR", "number": "BIGINT", "texts": "VARCHAR[]"}
