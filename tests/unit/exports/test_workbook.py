from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from xlsxwriter import Workbook

from fleetdx.exports.cells import MOST_CHARACTERS
from fleetdx.exports.heights import TALLEST, height, lines_of
from fleetdx.exports.row_sheet import RowSheet, text_cell
from fleetdx.exports.workbook import write_workbook
from fleetdx.reporting.text import one_line, visible
from tests.fakes.exports import FORMULAS, HOSTILE, WAIVER, catalog, ledger, result, results, summary

HEADINGS = [
    "점검 항목 코드", "점검 항목", "판단 기준(양호)", "중요도", "판정", "판정 근거/증적", "조치 방법",
    "예외 승인", "계정", "계정 이름", "리전", "인스턴스", "이름", "점검 일시(UTC)",
    "취약 최초 확인일(UTC)", "점검자", "자산 담당자",
]  # fmt: skip


def written(language: Any = "ko", result_lines: Any = None, ledger_lines: Any = None, **limits: int) -> bytes:
    out = io.BytesIO()
    lines = results() if result_lines is None else result_lines
    known = ledger_lines or ledger()
    write_workbook(out, summary(known, lines), iter(known), iter(lines), catalog(), language, **limits)
    return out.getvalue()


def sheets(book: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet's rows as openpyxl reads them; a formula would be read as one. It leaves `_x005F_` as it is."""
    return {
        sheet.title: [
            [unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in row] for row in sheet
        ]
        for sheet in load_workbook(io.BytesIO(book))
    }


def types(book: bytes) -> set[str]:
    """The types of all cells: s is a text, n a number or an empty cell, f a formula."""
    return {cell.data_type for sheet in load_workbook(io.BytesIO(book)) for row in sheet for cell in row}


def test_results_are_in_the_form_of_korean_audits() -> None:
    """A row has item, verdict, evidence and remedy in Korean, and two empty cells for people to fill in."""
    rows = sheets(written())["점검 결과"]
    assert rows[0] == HEADINGS
    assert rows[1] == [
        "U-01", "root 계정 원격 접속 제한", "root의 SSH 로그인이 차단되어 있음", "상", "취약",
        "PermitRootLogin is yes.\n/etc/ssh/sshd_config:3: PermitRootLogin yes", "PermitRootLogin no를 설정한다.",
        None, "000011112222", "commerce", "ap-northeast-2", "i-00000000000000001", "web-1", "2026-11-23 02:17:41",
        "2026-11-01", None, None,
    ]  # fmt: skip
    assert len(rows) == 1 + 4


def test_english_has_the_same_rows() -> None:
    """In English the sheets have other names and words, and the same rows."""
    book = sheets(written("en"))
    assert list(book) == ["Summary", "Results", "By item", "Not scanned"]
    assert book["Results"][1][3:7:3] == ["High", "Set PermitRootLogin no."]
    assert [row[4] for row in book["Results"][1:]] == ["Fail", "Pass", "Manual", "Pass"]


@pytest.mark.parametrize(
    ("verdict", "name", "remedy"),
    [
        ("pass", "양호", None),
        ("fail", "취약", "PermitRootLogin no를 설정한다."),
        ("manual", "수동", "수동 확인: sshd -T를 실행한다."),
        ("not_applicable", "N/A", None),
        ("error", "점검 불가", "수동 확인: sshd -T를 실행한다."),
    ],
)
def test_each_verdict_has_its_name_and_what_to_do(verdict: str, name: str, remedy: str | None) -> None:
    """A failed check says how it is mended, one that no script decides how a person looks, the others nothing."""
    row = sheets(written(result_lines=[result(verdict=verdict)]))["점검 결과"][1]
    assert (row[4], row[6]) == (name, remedy)


def test_the_summary_tells_run_period_scope_counts_and_coverage() -> None:
    """The first sheet has the facts of the run, counts by importance and verdict, and states with reasons."""
    book = sheets(written())
    assert next(iter(book)) == "요약"
    rows = [[value for value in row if value is not None] for row in book["요약"]]
    assert ["점검 기간(UTC)", "2026-11-23 02:15:00 ~ 2026-11-23 02:21:37"] in rows
    assert ["점검 범위", "조직 전체, ap-northeast-2"] in rows
    assert ["점검 대상", "인스턴스 3대 중 2대 점검 완료, 미점검 1건"] in rows
    assert ["예외 승인", "예외로 승인된 취약 항목이 없습니다."] in rows
    counts = [["상", 0, 1, 0, 1, 0, 0, 2], ["중", *[0] * 7], ["하", 2, *[0] * 5, 2], ["계", 2, 1, 0, 1, 0, 0, 4]]
    assert [row for row in rows if row and row[0] in {"상", "중", "하", "계"}] == counts
    assert ["인스턴스", "점검 완료", 2, "verified"] in [row[:4] for row in rows]
    assert ["인스턴스", "미관리", 1, "agent_not_reporting"] in [row[:4] for row in rows]


def test_items_are_counted_in_the_order_of_the_edition() -> None:
    """Each check of each item has a row of counts; an item that no check judges says so."""
    rows = sheets(written())["항목별 집계"]
    assert rows[0][4:] == ["양호", "취약", "예외 승인", "수동", "N/A", "점검 불가", "계"]
    assert [[row[0], *row[4:]] for row in rows[1:]] == [
        ["U-01", 0, 1, 0, 1, 0, 0, 2],
        ["U-04", 2, 0, 0, 0, 0, 0, 2],
        ["U-99", 0, 0, 0, 0, 0, 0, 0],
    ]
    assert rows[3][2] == "이 점검 기준에는 이 항목을 판정하는 점검이 없습니다."


def test_a_waived_finding_stays_visible_and_is_counted_apart() -> None:
    """Its row says that it fails and who accepts that until when; sums count it as waived and not as a finding."""
    book = sheets(written(result_lines=[result(waiver=WAIVER), result(item="U-04", check="passwords_shadowed")]))
    assert [row[4] for row in book["점검 결과"][1:]] == ["취약", "취약"]
    assert book["점검 결과"][1][7] == (
        "accepted-1, SEC-1234, 담당자 payments@example.com, 승인자 ciso@example.com, 2027-01-31 00:00:00까지. "
        "It is replaced in January."
    )
    assert book["점검 결과"][2][7] is None
    assert [row[4:7] for row in book["항목별 집계"][1:3]] == [[0, 0, 1], [0, 1, 0]]
    told = [row[1] for row in book["요약"] if row[0] == "예외 승인"]
    assert told[0].startswith("취약 항목 1건이 예외로 승인되어 있습니다.")


def test_what_was_not_scanned_has_its_reason() -> None:
    """Gaps come first, then what was left out, each with reason, cause and what to do."""
    stopped = {"state": "stopped", "reason": "instance_stopped", "detail": "EC2 reports it as stopped."}
    rows = sheets(written(ledger_lines=ledger(**stopped), result_lines=results()[2:]))["미점검"]
    assert [row[:3] for row in rows[1:]] == [
        ["미점검", "미관리", "agent_not_reporting"],
        ["점검 제외", "중지됨", "instance_stopped"],
    ]
    assert all(row[3] and row[5] for row in rows[1:])
    place, *instances = ledger()[:3]
    whole = sheets(written(ledger_lines=[{**place, "instances": 2}, *instances]))["미점검"]
    assert whole[1][3] == "점검 범위의 모든 인스턴스를 점검하였습니다."


def test_a_result_counts_once_and_only_with_a_ledger_line() -> None:
    """A repeated line and one of an instance that the ledger does not name leave no row, as in the summary."""
    lines = [result(), result(verdict="pass"), result(instance="i-unknown")]
    rows = sheets(written(result_lines=lines))["점검 결과"]
    assert [row[4] for row in rows[1:]] == ["취약"]


def test_a_full_sheet_goes_on_in_the_next_one() -> None:
    """Where a sheet is full, a further one with the same header takes the rest; no row is lost or doubled."""
    book = sheets(written(rows_a_sheet=3))
    parts = [book["점검 결과"], book["점검 결과 (2)"]]
    assert [part[0] for part in parts] == [HEADINGS] * 2
    assert [len(part) for part in parts] == [3, 3]
    assert [row for part in parts for row in part[1:]] == sheets(written())["점검 결과"][1:]


def test_tables_can_be_filtered_and_printed() -> None:
    """Headers stay in sight and are repeated on paper, which is landscape and as wide as the table."""
    for sheet in load_workbook(io.BytesIO(written())).worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title != "요약":
            assert sheet.freeze_panes == "A2"
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.auto_filter.ref == sheet.dimensions
            assert all(sheet.row_dimensions[row].height > 0 for row in range(1, sheet.max_row + 1))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_text(text: str) -> None:
    """Names, reasons and evidence that look like formulas, addresses, numbers or markup are read back as they show."""
    lines = [result(reason=text, evidence=[text], instance_name=text, account_name=text)]
    book = written(result_lines=lines)
    row = sheets(book)["점검 결과"][1]
    assert row[5] == f"{one_line(text)}\n{one_line(text)}"
    assert row[9] == row[12] == one_line(text)
    assert types(book) <= {"s", "n"}


@given(st.lists(st.tuples(st.text(min_size=1, max_size=60), st.sampled_from(HOSTILE)), min_size=1, max_size=20))
@settings(deadline=None, max_examples=20)
def test_whatever_a_host_says_is_read_back_as_text(said: list[tuple[str, str]]) -> None:
    """No text becomes a formula, number or address, and every one is read back as it shows, hidden characters named."""
    lines = [
        result(item=f"U-{number}", reason=text, evidence=[hostile + text], instance_name=text + hostile)
        for number, (text, hostile) in enumerate(said)
    ]
    book = written(result_lines=lines)
    rows = sheets(book)["점검 결과"][1:]
    assert [row[5] for row in rows] == [f"{one_line(text)}\n{one_line(hostile + text)}" for text, hostile in said]
    assert [row[12] for row in rows] == [one_line(text + hostile) for text, hostile in said]
    assert types(book) <= {"s", "n"}
    assert not {name for name in zipfile.ZipFile(io.BytesIO(book)).namelist() if "link" in name.lower()}


@pytest.mark.parametrize("formula", FORMULAS[:4])
def test_what_looks_like_a_formula_stays_text_when_it_is_edited(formula: str) -> None:
    """Its cell is marked as if typed with an apostrophe, which a harmless one is not."""
    sheet = load_workbook(io.BytesIO(written(result_lines=[result(instance_name=formula)])))["점검 결과"]
    assert sheet.cell(2, 13).quotePrefix
    assert not sheet.cell(2, 6).quotePrefix


def test_evidence_that_no_row_can_show_is_cut_and_says_so() -> None:
    """A 1 MB line and too many lines end in how much there was and where it is, within Excel's tallest row."""
    lines = [
        result(evidence=["A" * 1_000_000]),
        result(item="U-02", evidence=["line"] * 50),
        result(item="U-03", evidence=["/var/www/uploads/2026/001.jpg: mode 666, owner www-data"] * 50),
        result(item="U-04", evidence=["\u202e" * 500, "after"]),
        result(item="U-05", reason="\u202e" * 600, evidence=[]),
    ]
    sheet = load_workbook(io.BytesIO(written(result_lines=lines)))["점검 결과"]
    long, many, wrapped, hidden, reason = (sheet.cell(row, 6).value for row in range(2, 7))
    assert long.endswith("A [여기에서 잘랐습니다. 전체 1,000,000자이며, 원문은 results.jsonl에 있습니다.]")
    assert many == "\n".join(["PermitRootLogin is yes.", *["line"] * 27, "[23줄이 results.jsonl에 더 있습니다.]"])
    assert wrapped.endswith("\n[37줄이 results.jsonl에 더 있습니다.]")
    assert hidden.endswith("\n[2줄이 results.jsonl에 더 있습니다.]")
    assert reason == "[1줄이 results.jsonl에 더 있습니다.]"
    assert max(sheet.row_dimensions[row].height for row in range(2, 7)) < TALLEST


def test_a_long_name_keeps_to_excels_limit() -> None:
    """Characters of two code units count twice, and the cut is said within the limit."""
    name = "\N{SLIGHTLY SMILING FACE}" * 20_000
    shown = sheets(written(result_lines=[result(instance_name=name)]))["점검 결과"][1][12]
    assert len(shown.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert shown.endswith("전체 20,000자이며, 원문은 results.jsonl에 있습니다.]")


@given(st.lists(st.text(min_size=1, max_size=40), max_size=30))
@settings(deadline=None, max_examples=30)
def test_ready_cells_are_the_librarys_own(texts: list[str]) -> None:
    """A cell of RowSheet has the same XML as the one that the library writes for the same text."""
    # The library takes a text that begins with <r> for its own markup; RowSheet has none.
    shown = [visible(text) for text in (*texts, *HOSTILE) if not text.startswith("<r>")]
    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        look = book.add_format({"bold": True})
        own, ready = book.add_worksheet(), book.add_worksheet(None, RowSheet)
        for row, text in enumerate(shown):
            own.write_string(row, 0, text, look)
            ready.add_row(row, 20, [text_cell(text, look)])
    cells = [
        re.findall(r"<c .*?</c>", zipfile.ZipFile(out).read(f"xl/worksheets/sheet{number}.xml").decode(), re.DOTALL)
        for number in (1, 2)
    ]
    assert cells[0] == cells[1]
    assert len(cells[0]) == len(shown)


def test_rows_are_as_tall_as_their_text() -> None:
    """Wrapped and separate lines count, Korean letters are wider, and no row is taller than Excel's tallest."""
    assert [lines_of(text, 10) for text in ("a", "a" * 10, "a" * 11, "a\nb", "a\n" + "b" * 11)] == [1, 1, 2, 2, 3]
    assert lines_of("가" * 10, 10) == 2
    assert height(1) < height(2) < height(1_000) == TALLEST


def test_same_run_same_bytes() -> None:
    """Written twice, the file is the same, so that a repeated build changes nothing."""
    assert written() == written()
