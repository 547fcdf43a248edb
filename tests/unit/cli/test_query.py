"""`fleetdx query`: one SQL text for Athena and for DuckDB, and figures that hold however runs overlap and repeat."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from fleetdx.cli.local_tables import ask
from fleetdx.cli.main import app
from fleetdx.cli.problems import UsageProblem
from fleetdx.queries.questions import questions
from fleetdx.queries.tables import TABLES
from tests.fakes.changes import change

FLEETDX = Path(sys.executable).with_name("fleetdx")
FIRST, SECOND = "20261120T000000Z-aaaaaa", "20261122T093000Z-bbbbbb"
PLACE = {
    "account": "111122223333",
    "account_name": "trading",
    "region": "ap-northeast-2",
    "instance": "i-1",
    "instance_name": "web",
}
every_question = pytest.mark.parametrize("name", questions())


def result(verdict: str, at: str, run: str = FIRST, **fields: Any) -> dict[str, Any]:
    """One line of results.jsonl."""
    given = {"schema": 1, "run": run, **PLACE, "profile": "kisa_unix_2026", "at": at, "item": "U-01", "check": "c1"}
    return {**given, "severity": "high", "verdict": verdict, "evidence": ["e"], "duration_ms": 1, **fields}


def line(state: str, at: str, run: str = FIRST, **fields: Any) -> dict[str, Any]:
    """One line of ledger.jsonl."""
    given = {"schema": 1, "kind": "instance", "run": run, **PLACE, "state": state, "reason": "r", "at": at}
    return {**given, **fields}


def leave(out: Path, run: str, results: Any = (), ledger: Any = (), changes: Any = ()) -> Path:
    """Write what a run leaves; its directory."""
    directory = out / run
    directory.mkdir(parents=True)
    for name, lines in (("results", results), ("ledger", ledger), ("changes", changes)):
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
        (directory / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return directory


def rows(name: str, *runs: Path) -> list[dict[str, Any]]:
    """What a question comes to over these runs."""
    answer = ask(questions()[name].sql, runs)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def asked(out: Path, *arguments: str) -> str:
    """What `fleetdx query` prints beside a directory of runs, without a terminal."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        app(["query", "--output", str(out), *arguments], standalone_mode=False)
    return printed.getvalue()


@every_question
def test_a_question_is_one_select_of_trino_over_the_tables(name: str) -> None:
    """Trino's grammar, which Athena runs, takes the text; it reads only columns that the tables have."""
    question = questions()[name]
    (statement,) = sqlglot.parse(question.sql, read="trino")
    assert isinstance(statement, exp.Select)
    own = {cte.alias for cte in statement.find_all(exp.CTE)}
    named = {table.name for table in statement.find_all(exp.Table)} - own
    assert named <= set(TABLES)
    made = {alias.alias for alias in statement.find_all(exp.Alias)}
    known = {column for table in named for column in TABLES[table]} | made  # type: ignore[index]  # as above
    assert {column.name for column in statement.find_all(exp.Column)} <= known
    assert not any(isinstance(star.parent, exp.Select) for star in statement.find_all(exp.Star))
    assert ";" not in question.sql


@every_question
def test_a_question_has_a_title_in_both_languages(name: str) -> None:
    """The first two lines say what is asked, in English and in Korean."""
    english, korean, *_ = questions()[name].sql.splitlines()
    assert english == f"-- en: {questions()[name].title['en']}"
    assert korean == f"-- ko: {questions()[name].title['ko']}"
    assert any("가" <= char <= "힣" for char in questions()[name].title["ko"])


@every_question
def test_runs_without_lines_have_no_rows(name: str, tmp_path: Path) -> None:
    """A run that found nothing, and an older one that told no changes, is no error."""
    empty = leave(tmp_path, FIRST)
    (empty / "changes.jsonl").unlink()
    assert rows(name, empty) == []


def test_a_check_counts_once_with_its_newest_result(tmp_path: Path) -> None:
    """Of runs that repeat, of a line that came twice, and of a run of one check, the newest verdict of each counts."""
    old = result("fail", "2026-11-20T00:00:00Z")
    other = result("fail", "2026-11-20T00:00:00Z", item="U-02", check="c2", severity="low")
    first = leave(tmp_path, FIRST, [old, old, other, result("fail", "2026-11-20T00:00:00Z", instance="i-2")])
    second = leave(tmp_path, SECOND, [result("pass", "2026-11-22T00:00:00Z", SECOND)])
    found = {
        (one["check"], one["severity"]): (one["failing"], one["judged"]) for one in rows("worst_items", first, second)
    }
    assert found == {("c1", "high"): (1, 2), ("c2", "low"): (1, 1)}
    (league,) = rows("account_league", first, second)
    assert (league["instances"], league["high"], league["medium"], league["low"]) == (2, 1, 0, 1)
    assert league["passed_percent"] == pytest.approx(33.3)


def test_an_instance_that_is_gone_counts_no_more(tmp_path: Path) -> None:
    """What a later run tells as gone is no finding; what is seen after that is one again."""
    first = leave(tmp_path, FIRST, [result("fail", "2026-11-20T00:00:00Z", failing_since="2026-11-19T00:00:00Z")])
    gone = change("gone", instance="i-1", item="U-01", check="c1", at="2026-11-22T00:00:00Z")
    second = leave(tmp_path, SECOND, changes=[gone])
    for name in ("worst_items", "account_league", "failing_since"):
        assert len(rows(name, first)) == 1
        assert rows(name, first, second) == []
    again = result("fail", "2026-11-23T00:00:00Z", failing_since="2026-11-23T00:00:00Z")
    third = leave(tmp_path, "20261123T000000Z-cccccc", [again])
    assert [len(rows(name, first, second, third)) for name in ("worst_items", "failing_since")] == [1, 1]


def test_accounts_with_the_same_share_have_the_same_place(tmp_path: Path) -> None:
    """Places are those of a league: two firsts and then a third; who has nothing judged has none."""
    verdicts = {"1" * 12: "pass", "2" * 12: "fail", "3" * 12: "pass", "4" * 12: "manual"}
    lines = [result(verdict, "2026-11-20T00:00:00Z", account=account) for account, verdict in verdicts.items()]
    found = rows("account_league", leave(tmp_path, FIRST, lines))
    assert [(one["place"], one["account"][0], one["passed_percent"]) for one in found] == [
        (1, "1", 100.0),
        (1, "3", 100.0),
        (3, "2", 0.0),
    ]


def test_failing_since_tells_the_group_beside_the_instance(tmp_path: Path) -> None:
    """Of a replaced instance: its own first day and its group's, from the results or, as in Athena, the changes."""
    since = {"failing_since": "2026-11-20T00:00:00Z", "group_failing_since": "2026-03-01T00:00:00Z"}
    lines = [
        result("fail", "2026-11-20T00:00:00Z", auto_scaling_group="arn:web", **since),
        result("fail", "2026-11-20T00:00:00Z", instance="i-2", auto_scaling_group="arn:web"),
    ]
    told = [change("continued", instance="i-2", check="c1", at="2026-11-20T00:00:00Z", **since)]
    found = rows("failing_since", leave(tmp_path, FIRST, lines, changes=told))
    assert [(one["instance"], one["failing_since"], one["auto_scaling_group"]) for one in found] == [
        ("i-1", since["failing_since"], "arn:web"),
        ("i-2", since["failing_since"], "arn:web"),
    ]
    assert {one["group_failing_since"] for one in found} == {since["group_failing_since"]}


def test_failing_since_needs_the_changes_only_where_results_do_not_say_it(tmp_path: Path) -> None:
    """As in Athena, where results lack it, the newest change tells since when; manual after fail is not fixed."""
    checks = {"own": "fail", "told": "fail", "unclear": "manual", "mended": "pass", "never": "manual"}
    lines = [result(verdict, "2026-11-22T00:00:00Z", check=check) for check, verdict in checks.items()]
    lines[0]["failing_since"] = "2026-11-18T00:00:00Z"
    told = [
        change(
            "initial", instance="i-1", check="told", failing_since="2026-11-10T00:00:00Z", at="2026-11-10T00:00:00Z"
        ),
        change("fixed", instance="i-1", check="told", failing_since="2026-11-10T00:00:00Z", at="2026-11-12T00:00:00Z"),
        change("new", instance="i-1", check="told", failing_since="2026-11-20T00:00:00Z", at="2026-11-20T00:00:00Z"),
        change("new", instance="i-1", check="unclear", failing_since="2026-11-19T00:00:00Z", at="2026-11-19T00:00:00Z"),
    ]
    found = rows("failing_since", leave(tmp_path, FIRST, lines, changes=told))
    assert [(one["check"], one["failing_since"]) for one in found] == [
        ("own", "2026-11-18T00:00:00Z"),
        ("unclear", "2026-11-19T00:00:00Z"),
        ("told", "2026-11-20T00:00:00Z"),
    ]


def test_a_fix_that_two_runs_tell_counts_once(tmp_path: Path) -> None:
    """Runs that overlap tell the same period's end; the earlier counts, and what is gone was not fixed."""
    begun = "2026-11-20T12:00:00Z"
    told = [
        change("fixed", failing_since=begun, at="2026-11-22T00:00:00Z"),
        change("fixed", failing_since="2026-10-01T00:00:00Z", at="2026-10-02T00:00:00Z"),
        change("fixed", "low", check="other", failing_since=begun, at="2026-11-21T12:00:00Z"),
        change("gone", instance="i-9", failing_since=begun, at="2026-11-25T00:00:00Z"),
    ]
    first = leave(tmp_path, FIRST, changes=told)
    second = leave(tmp_path, SECOND, changes=[change("fixed", failing_since=begun, at="2026-11-22T06:00:00Z")])
    days = (datetime(2026, 11, 22) - datetime(2026, 11, 20, 12)).total_seconds() / 86400  # noqa: DTZ001 - a difference
    assert rows("mean_time_to_fix", first, second) == [
        {"severity": "high", "fixed": 2, "mean_days": (days + 1) / 2, "longest_days": days},
        {"severity": "low", "fixed": 1, "mean_days": 1.0, "longest_days": 1.0},
    ]


def test_a_gap_is_what_the_newest_line_of_the_ledger_says(tmp_path: Path) -> None:
    """Instances and account-regions stand apart; who was scanned before says when, who was scanned since is none."""
    whole = {"kind": "account_region", "instance": None, "instance_name": None}
    first = leave(
        tmp_path,
        FIRST,
        ledger=[
            line("scanned", "2026-11-20T00:00:00Z"),
            line("not_managed", "2026-11-20T00:00:00Z", instance="i-2"),
            line("scan_failed", "2026-11-20T00:00:00Z", **whole, region="us-east-1"),
            line("stopped", "2026-11-20T00:00:00Z", instance="i-3"),
        ],
    )
    second = leave(
        tmp_path,
        SECOND,
        ledger=[
            line("scan_failed", "2026-11-22T00:00:00Z", SECOND, reason="undeliverable"),
            line("scanned", "2026-11-22T00:00:00Z", SECOND, instance="i-2"),
        ],
    )
    found = rows("coverage_gaps", first, second)
    assert [(one["region"], one["instance"], one["reason"], one["last_scanned"]) for one in found] == [
        ("ap-northeast-2", "i-1", "undeliverable", "2026-11-20T00:00:00Z"),
        ("us-east-1", None, "r", None),
    ]


def test_a_file_that_is_damaged_is_named_with_its_line(tmp_path: Path) -> None:
    """What is no JSON, no object, or not UTF-8, is refused with file and line."""
    for number, damage in enumerate(("{]", "[1]", '{"item": "\udcff"}')):
        run = leave(tmp_path / str(number), FIRST, [result("pass", "2026-11-20T00:00:00Z")])
        with (run / "results.jsonl").open("a", errors="surrogateescape") as stream:
            stream.write(f"{damage}\n")
        with pytest.raises(UsageProblem, match=r"results\.jsonl: .*line 2") as refused:
            rows("worst_items", run)
        assert refused.value.place == str(run / "results.jsonl")


def test_a_path_is_a_path_whatever_it_looks_like(tmp_path: Path) -> None:
    """Quotes, patterns and names of partitions in a directory's name change nothing."""
    strange = tmp_path / "a'; DROP VIEW results; --" / "day=2026-01-01" / "[x]*?"
    run = leave(strange, FIRST, [result("fail", "2026-11-20T00:00:00Z")])
    leave(
        tmp_path / "a'; DROP VIEW results; --" / "day=2026-01-01" / "xyy",
        FIRST,
        [result("fail", "2026-11-20T00:00:00Z")],
    )
    assert [one["failing"] for one in rows("worst_items", run)] == [1]


def test_what_cannot_be_asked_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """An unknown question, none, no runs, an unknown run, and options that contradict each other exit with 2."""
    leave(tmp_path, FIRST)
    names = ", ".join(questions())
    command = [FLEETDX, "query", "best\x1b[2J_items", "--output", tmp_path]
    refused = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    sentence = f"fleetdx: NAME: there is no question best⟨U+001B⟩[2J_items; there are {names}\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", sentence)
    for out, arguments, sentence in (
        (tmp_path, (), f"NAME: name a question: {names}"),
        (tmp_path / "no", ("worst_items",), "--output: no run has left results in "),
        (tmp_path, ("worst_items", "--run", "' OR 1=1"), "RUN: there is no results.jsonl of a run ' OR 1=1"),
        (tmp_path, ("worst_items", "--json", "--csv"), "--csv: "),
        (tmp_path, ("worst_items", "--run", FIRST, "--all"), "--all: "),
    ):
        with pytest.raises(UsageProblem, match=re.escape(sentence)):
            asked(out, *arguments)


def test_without_duckdb_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where DuckDB is missing the answer is one sentence."""
    leave(tmp_path, FIRST)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageProblem, match=r"^query: DuckDB is not installed; `make setup` does it"):
        asked(tmp_path, "worst_items")


def test_table_csv_and_json_have_the_same_rows_and_nothing_that_acts(tmp_path: Path) -> None:
    """A hostile name is written out in the table, and is no formula in CSV; `latest` is no second run."""
    hostile = result("fail", "2026-11-20T00:00:00Z", account_name="=1+1\x1b[31m\u202e")
    leave(tmp_path, FIRST, [hostile, *(result("fail", "2026-11-20T00:00:00Z", account=f"{n:012}") for n in range(60))])
    (tmp_path / "latest").symlink_to(FIRST)
    table = asked(tmp_path, "account_league", "--language", "ko")
    assert table.startswith(questions()["account_league"].title["ko"])
    sheet = asked(tmp_path, "account_league", "--csv")
    document = json.loads(asked(tmp_path, "account_league", "--json", "--all"))
    assert "11행이 더 있습니다" in table
    for text in (table, sheet):
        assert "\x1b" not in text
        assert "\u202e" not in text
    _, *lines = csv.reader(io.StringIO(sheet.removeprefix("\ufeff")))
    assert len(lines) == len(document["rows"]) == 61
    assert document["runs"] == [FIRST]
    assert [line[3] for line in lines if line[2] == PLACE["account"]] == ["'=1+1⟨U+001B⟩[31m⟨U+202E⟩"]


def test_the_list_has_every_question(tmp_path: Path) -> None:
    """`--list` names each question with its title in the language that was asked for; it needs no run."""
    for language in ("en", "ko"):
        shown = asked(tmp_path, "--list", "--language", language)
        for question in questions().values():
            assert f"{question.name} " in shown
            assert question.title[language].split()[0] in shown  # type: ignore[literal-required]  # one of two
