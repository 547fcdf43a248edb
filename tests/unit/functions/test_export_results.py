"""Each export is written from what lies in S3, the same again however often, and what is not known is not invented."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.export_files import FILES
from fleetdx.requests import request_schema
from functions.build_report import handler as build_report
from functions.export_results import handler
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import ACCOUNT, BUNDLE, OPENED, RUN
from tests.fakes.s3 import fake
from tests.unit.functions.test_build_report import NOTHING_WAIVED, scanned_run


def reported(hosts: int, verified: int) -> Any:
    """A run of one account-region whose report is there."""
    data = scanned_run(hosts, verified)
    build_report.run(OPENED, data, lambda: NOTHING_WAIVED)  # type: ignore[arg-type]
    return data


def export(data: Any, name: Any, language: Any = "en") -> Any:
    return handler.run({"run": RUN, "bundle": BUNDLE, "export": name}, data, language)


def feed(data: Any, name: str = "findings.ocsf.jsonl") -> list[Any]:
    return [(line["finding_info"]["uid"], line["unmapped"]["change"]) for line in data.get_lines(keys.out(RUN, name))]


def test_every_export_that_can_be_asked_for_is_written() -> None:
    """The names of the schema are those that have files, and each is told with the keys at which they lie."""
    data = reported(2, 2)
    assert request_schema()["properties"]["exports"]["items"]["enum"] == list(FILES)
    for name, files in FILES.items():
        told = [keys.out(RUN, file) for file in files]
        assert export(data, name) == {"export": name, "is_written": True, "keys": told}
        assert all(data.get(key) for key in told)


def test_workbook_and_tables_open_and_hold_every_result() -> None:
    """In the language of the stack, the workbook stored as it is and the tables packed."""
    data = reported(2, 2)
    export(data, "xlsx", "ko")
    export(data, "csv", "ko")
    sheet = load_workbook(io.BytesIO(data.get(keys.out(RUN, "report.xlsx")))).worksheets[1]
    table = list(csv.DictReader(io.StringIO(data.get(keys.out(RUN, "results.csv")).decode("utf-8-sig"))))
    results = data.get_lines(keys.out(RUN, "results.jsonl"))
    assert sheet.max_row - 1 == len(table) == len(results)
    assert {row["판정"] for row in table} == {"양호", "취약", "수동"}
    assert data.get(keys.out(RUN, "ledger.csv")).decode("utf-8-sig").count("\r\n") == 1 + 3
    packed = {name: fake(data).encodings["data", keys.out(RUN, name)] for name in ("report.xlsx", "results.csv")}
    assert packed == {"report.xlsx": "", "results.csv": "gzip"}


def test_the_feed_tells_findings_and_gaps_and_the_same_again() -> None:
    """A first run tells what fails and who was not scanned; written again, from what was known before it, the same."""
    data = reported(2, 1)
    export(data, "ocsf")
    first = feed(data)
    changes = dict(first)
    assert changes[f"{ACCOUNT}/ap-northeast-2/{instance_id(2)}/scan/instance_scanned"] == "new"
    assert set(changes.values()) == {"new"}
    assert sum("/U-" in uid for uid in changes) == sum(
        result["verdict"] == "fail" for result in data.get_lines(keys.out(RUN, "results.jsonl"))
    )
    export(data, "ocsf")
    assert feed(data) == first


def test_a_snapshot_tells_everything_and_leaves_what_was_told() -> None:
    """It has a document for each result and each line of the ledger, and the feed of changes is none the shorter."""
    data = reported(2, 1)
    export(data, "ocsf_full")
    results, ledger = (data.get_lines(keys.out(RUN, name)) for name in ("results.jsonl", "ledger.jsonl"))
    assert len(feed(data, "findings.full.ocsf.jsonl")) == len(results) + len(ledger)
    assert not list(data.keys("feeds/"))
    export(data, "ocsf")
    assert feed(data)


def test_what_cannot_be_read_is_told_as_no_news() -> None:
    """Where the feed's memory of an account is damaged nothing of it is new, the snapshot has it, and it stays."""
    data = reported(1, 1)
    told = keys.told(keys.feeds(OPENED["profile"]), ACCOUNT)
    data.put(told, b"damaged")
    export(data, "ocsf")
    export(data, "ocsf_full")
    assert feed(data) == []
    assert feed(data, "findings.full.ocsf.jsonl")
    assert data.get(told) == b"damaged"


@pytest.mark.parametrize("body", [b"{", b"\x1f\x8bdamaged"])
def test_damaged_results_are_told(body: bytes) -> None:
    """A file is not written from results that are not whole."""
    data = reported(1, 1)
    data.put(keys.out(RUN, "results.jsonl"), body)
    with pytest.raises(RecordMissing, match=r"results\.jsonl"):
        export(data, "csv")
    assert keys.out(RUN, "results.csv") not in {stored.key for stored in data.keys("")}


def test_results_are_read_packed_or_not() -> None:
    """The lines count, not how they are stored."""
    data = reported(1, 1)
    export(data, "csv")
    packed = data.get(keys.out(RUN, "results.csv"))
    lines = data.get_lines(keys.out(RUN, "results.jsonl"))
    data.put(keys.out(RUN, "results.jsonl"), b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    export(data, "csv")
    assert data.get(keys.out(RUN, "results.csv")) == packed
