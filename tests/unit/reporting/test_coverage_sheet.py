from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.reporting.coverage.sheet import COLUMNS, coverage_csv
from fleetdx.reporting.text import inert
from tests.fakes.coverage import line, place_line, unchecked, whole

FORMULAS = [
    '=HYPERLINK("https://evil.example","pay")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)",
    "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1", "＝1+1", "a;=1+1",
]  # fmt: skip


def rows(lines: Any) -> list[dict[str, str]]:
    """What Python's csv reads from the sheet."""
    return list(csv.DictReader(io.StringIO(coverage_csv(lines).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_hostile_name_stays_inert(formula: str) -> None:
    """An instance name that a spreadsheet would run begins with an apostrophe, or has one after the semicolon."""
    name = rows([line(instance_name=formula)])[0]["instance_name"]
    assert name.startswith("'") or ";'" in name
    assert not name.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert len(rows([line(instance_name=formula)])) == 1


@given(st.text(max_size=40))
def test_no_text_begins_a_formula(text: str) -> None:
    """Whatever a text holds, its cell begins no formula, is one line, and can be written as UTF-8."""
    cell = inert(text)
    assert not cell.startswith(tuple("=+-@\t\r\n\x00＝＋－＠"))
    assert not set(cell) & set("\t\r\n\x00")
    cell.encode("utf-8")


def test_harmless_text_is_left_alone() -> None:
    """Names, times and identifiers are as they were, and numbers have no apostrophe."""
    row = rows([line(instance_name="web-1 (운영) = a+b")])[0]
    assert row["instance_name"] == "web-1 (운영) = a+b"
    assert row["at"] == "2026-11-23T02:15:40Z"
    assert row["account"] == "111122223333"


def test_sheet_has_a_row_for_each_line_and_every_field() -> None:
    """Lines and rows are as many, Excel finds its byte order mark, and the columns are the fields of a line."""
    lines = whole()[1]
    sheet = coverage_csv(iter(lines))
    assert sheet.startswith(b'\xef\xbb\xbf"kind"')
    assert len(rows(lines)) == len(lines)
    assert set(COLUMNS) == set(line()) - {"schema", "control"}
    assert sheet.count(b"\r\n") == sheet.count(b"\n") == len(lines) + 1


def test_nothing_is_an_empty_cell() -> None:
    """What is None is empty, a truth is a word, and SSM.1's columns are empty where it is not joined."""
    place, one = rows([place_line(unchecked("111122223333", "us-east-1")), line(control=None, mendable=True)])
    assert (place["instance"], place["instances"], place["reason"]) == ("", "", "role_not_assumable")
    assert (one["control_status"], one["control_disagreement"], one["mendable"]) == ("", "", "true")
    assert rows([line()])[0]["control_status"] == "FAILED"
