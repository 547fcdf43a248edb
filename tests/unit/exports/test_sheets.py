from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.exports.cells import MOST_CHARACTERS
from fleetdx.exports.sheets import write_ledger, write_results
from tests.fakes.exports import HOSTILE, catalog, ledger, result, results, summary

BEGINS_FORMULA = tuple("=+-@\t\r\n\x00＝＋－＠")


def results_csv(result_lines: Any, language: Any = "ko") -> bytes:
    out = io.BytesIO()
    write_results(out, summary(None, result_lines), ledger(), iter(result_lines), catalog(), language)
    return out.getvalue()


def ledger_csv(lines: Any, language: Any = "ko") -> bytes:
    out = io.BytesIO()
    write_ledger(out, iter(lines), language)
    return out.getvalue()


def excel(sheet: bytes, delimiter: str = ",") -> list[list[str]]:
    """What Excel takes in: UTF-8 because of the byte order mark, and a row a record."""
    assert sheet.startswith(b"\xef\xbb\xbf")
    return list(
        csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=delimiter == ",")
    )


def assert_inert(sheet: bytes) -> None:
    """No field begins a formula, after any separator that Excel may use where it runs, and each record is a line."""
    for delimiter in ",;":
        for row in excel(sheet, delimiter):
            assert not [field for field in row if field.strip().startswith(BEGINS_FORMULA)]
            assert all(len(field.encode("utf-16-le")) // 2 <= MOST_CHARACTERS for field in row if delimiter == ",")
    assert sheet.count(b"\n") == sheet.count(b"\r\n") == len(excel(sheet))
    assert not set(sheet.decode("utf-8-sig")) & set("\x00\x07\x1b\t\u202e\u2066")


def test_a_result_is_a_line_in_the_words_of_the_audit() -> None:
    """A line has what the workbook's row has, then check, image, profile and run."""
    header, first, *others = excel(results_csv(results()))
    assert header[:7] == [
        "점검 항목 코드",
        "점검 항목",
        "판단 기준(양호)",
        "중요도",
        "판정",
        "판정 근거/증적",
        "조치 방법",
    ]
    told = dict(zip(header, first, strict=True))
    assert told["판정"] == "취약"
    assert told["판정 근거/증적"] == "PermitRootLogin is yes. | /etc/ssh/sshd_config:3: PermitRootLogin yes"
    assert told["점검 이름"] == "root_ssh_login_denied"
    assert told["계정"] == "000011112222"
    assert told["취약 최초 확인일(UTC)"] == "2026-11-01"
    assert told["예외 승인"] == ""
    assert len(others) == 3


def test_a_ledger_line_is_a_line_with_its_reason() -> None:
    """Account-regions and instances have a line each, and a gap says that it is one and what to do."""
    header, *rows = excel(ledger_csv(ledger()))
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [line["대상"] for line in told] == ["계정·리전", "인스턴스", "인스턴스", "인스턴스"]
    assert [line["구분"] for line in told] == ["", "", "", "미점검"]
    assert told[0]["대상 인스턴스 수"] == "3"
    assert told[3]["사유 코드"] == "agent_not_reporting"
    assert told[3]["사유"]
    assert told[3]["조치 방법"]


def test_english_words() -> None:
    """In English the headings and verdicts are English, on as many lines."""
    assert excel(results_csv(results(), "en"))[1][3:5] == ["High", "Fail"]
    assert excel(ledger_csv(ledger(), "en"))[4][:3] == ["Instance", "Not managed", "Gap"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert(text: str) -> None:
    """Whatever a name, reason or evidence holds, no field begins a formula, and lines stay lines."""
    assert_inert(results_csv([result(reason=text, evidence=[text, text], instance_name=text, account_name=text)]))
    assert_inert(ledger_csv(ledger(instance_name=text, account_name=text, detail=text)))


@given(st.text(max_size=60), st.sampled_from(HOSTILE), st.sampled_from([";", '"', ";;", '";', ' ";\t']))
def test_no_text_begins_a_formula(text: str, hostile: str, between: str) -> None:
    """Any text before and after quotes and separators stays inert."""
    assert_inert(
        results_csv([result(reason=text + between + hostile, evidence=[hostile + text], instance_name=hostile)])
    )


def test_a_quote_after_a_semicolon_hides_no_formula() -> None:
    """Where semicolons separate, a doubled quote is an empty text, and what follows would begin the cell."""
    hostile = ';"=HYPERLINK("https://evil.example")'
    assert_inert(results_csv([result(reason=hostile, evidence=[f"a{hostile}", ';  ""-1+1'], instance_name=hostile)]))


def test_a_long_field_does_not_spill_over() -> None:
    """A 1 MB line is cut at what a cell of Excel holds, and says so."""
    sheet = results_csv([result(evidence=["A" * 1_000_000]), result(item="U-04", instance_name=";=" * 20_000)])
    assert_inert(sheet)
    assert excel(sheet)[1][5].endswith("전체 1,000,026자이며, 원문은 results.jsonl에 있습니다.]")


def test_evidence_of_the_usual_limits_is_whole() -> None:
    """Fifty lines of 500 characters, the most that a run keeps, are all there."""
    evidence = [f"{number:02d}" + "x" * 498 for number in range(50)]
    assert excel(results_csv([result(evidence=evidence)]))[1][5].split(" | ")[1:] == evidence


def test_the_file_stays_open() -> None:
    """The writer leaves the file open for whoever opened it, also when it fails."""
    out = io.BytesIO()
    write_ledger(out, [], "en")
    assert not out.closed
    with pytest.raises(RuntimeError, match="lost"):
        write_results(out, summary(), ledger(), lost(), catalog(), "en")
    assert not out.closed


def lost() -> Any:
    yield result()
    raise RuntimeError("lost")


def test_a_group_has_columns_at_the_end() -> None:
    """Its ARN, and the first day of its failing period; both are empty where an instance is in none."""
    group = {"auto_scaling_group": "arn:aws:autoscaling:x", "group_failing_since": "2026-03-01T00:00:00Z"}
    lines = results()
    lines[0] |= group
    header, first, second, *_ = excel(results_csv(lines))
    assert header[-2:] == ["Auto Scaling 그룹", "그룹 취약 최초 확인일(UTC)"]
    assert (first[-2:], second[-2:]) == (["arn:aws:autoscaling:x", "2026-03-01"], ["", ""])


def test_an_excluded_instance_is_left_out_and_no_gap() -> None:
    """Its line says who decided it and that nothing is to be done before the entry ends."""
    detail = "Exclusion case-1 of a@example.com, approved by b@example.com, until 2027-01-31T00:00:00Z: evidence."
    lines = list(ledger())
    lines[-1] |= {"state": "excluded", "reason": "excluded_by_operator", "detail": detail, "exclusion": "case-1"}
    header, *rows = excel(ledger_csv(lines))
    told = dict(zip(header, rows[-1], strict=True))
    assert (told["상태"], told["사유 코드"], told["상세 내용"]) == ("제외", "excluded_by_operator", detail)
    assert told["구분"] not in {"", "미점검"}
    assert "만료" in told["조치 방법"]
