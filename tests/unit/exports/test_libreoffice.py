"""LibreOffice opens what is written: another reader than Excel's format was made for, and stricter than openpyxl."""

from __future__ import annotations

import csv
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from fleetdx.exports.sheets import write_ledger, write_results
from fleetdx.exports.workbook import write_workbook
from fleetdx.reporting.text import one_line
from tests.fakes.exports import HOSTILE, catalog, ledger, result, results, summary

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs_libreoffice

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
A4_LYING, A3_LYING = (841, 595), (1190, 841)  # points
UTF_8 = "--infilter=Text - txt - csv (StarCalc):44,34,76"


def lines() -> list[Any]:
    """The example's results, and one with each hostile text as name, reason and evidence."""
    said = [
        result(item=f"X-{number:02d}", reason=text, evidence=[text], instance_name=text)
        for number, text in enumerate(HOSTILE)
    ]
    return [*results(), *said]


def convert(place: Path, source: str, form: str, *options: str) -> None:
    """Let LibreOffice, with a profile of its own, write a file's other form beside it."""
    command = ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", *options]
    ended = subprocess.run(
        [*command, "--convert-to", form, "--outdir", str(place), str(place / source)],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert "Error" not in ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the three files."""
    place = tmp_path_factory.mktemp("exports")
    said = lines()
    with (place / "report.xlsx").open("wb") as out:
        write_workbook(out, summary(None, said), ledger(), said, catalog(), "ko")
    with (place / "results.csv").open("wb") as out:
        write_results(out, summary(None, said), ledger(), said, catalog(), "ko")
    with (place / "ledger.csv").open("wb") as out:
        write_ledger(out, ledger(instance_name=HOSTILE[0]), "ko")
    return place


def test_every_sheet_of_the_workbook_is_read(place: Path) -> None:
    """LibreOffice reads every sheet; each hostile text is there as it shows, and none was calculated."""
    convert(place, "report.xlsx", EVERY_SHEET)
    assert {path.name for path in place.glob("report-*.csv")} == {
        f"report-{name}.csv" for name in ("요약", "점검 결과", "항목별 집계", "미점검")
    }
    with (place / "report-점검 결과.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(lines())
    assert [row[5] for row in rows[-len(HOSTILE) :]] == [f"{one_line(text)}\n{one_line(text)}" for text in HOSTILE]
    assert [row[12] for row in rows[-len(HOSTILE) :]] == [one_line(text) for text in HOSTILE]


def test_the_workbook_prints(place: Path) -> None:
    """LibreOffice makes a PDF of it: summary on A4, the wide tables on A3, all of them lying."""
    convert(place, "report.xlsx", "pdf")
    pages = re.findall(rb"/MediaBox\s*\[0 0 ([0-9]+)[0-9.]* ([0-9]+)", (place / "report.pdf").read_bytes())
    assert {(int(width), int(height)) for width, height in pages} == {A4_LYING, A3_LYING}


@pytest.mark.parametrize("name", ["results", "ledger"])
def test_a_spreadsheet_calculates_nothing_of_a_csv(place: Path, name: str) -> None:
    """Read as a spreadsheet reads a CSV file, every row is there and no cell is a formula."""
    convert(place, f"{name}.csv", "xlsx", UTF_8)
    sheet = load_workbook(place / f"{name}.xlsx").worksheets[0]
    assert sheet.max_row == 1 + (len(lines()) if name == "results" else len(ledger()))
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d", "b"}
    assert sheet.cell(1, 1).value == ("점검 항목 코드" if name == "results" else "대상")
