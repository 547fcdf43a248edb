"""The workbook's first sheet: what was scanned, when, by which edition, how it came out, and what was not scanned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fleetdx.exports.heights import height, lines_of
from fleetdx.exports.pages import as_text, set_up
from fleetdx.exports.tally import OUTCOMES
from fleetdx.models import LEDGER_STATES, SEVERITIES
from fleetdx.reasons import is_documented, reasons
from fleetdx.reporting.requesters import requested_by
from fleetdx.reporting.text import moment
from fleetdx.reporting.view import describe_scope
from fleetdx.reporting.waivers import waived_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from fleetdx.exports.pages import Formats
    from fleetdx.exports.rows import Run
    from fleetdx.exports.tally import Tally
    from fleetdx.models import LedgerKind, LedgerState

WIDTHS: Final = (22, 18, 18, 26, 18, 18, 18, 18)
LAST: Final = len(WIDTHS) - 1
OUTCOME_NAMES: Final = tuple(f"verdict.{outcome}" for outcome in OUTCOMES)


class SummarySheet:
    """Writes the sheet from top to bottom, as a workbook of constant memory asks for."""

    def __init__(self, sheet: Worksheet, run: Run, formats: Formats) -> None:
        """Take a new sheet."""
        self._sheet = sheet
        self._run = run
        self._formats = formats
        self._row = 0

    def write(self, tally: Tally) -> None:
        """Write it whole."""
        set_up(self._sheet, self._run, sum(WIDTHS))
        self._sheet.hide_gridlines(2)
        for index, width in enumerate(WIDTHS):
            self._sheet.set_column(index, index, width)
        self._sheet.write_string(self._next(), 0, self._run.translate("title"), self._formats.title)
        self._next()
        self._facts()
        self._counts(tally)
        self._meanings()
        self._coverage()

    def _next(self) -> int:
        self._row += 1
        return self._row - 1

    def _facts(self) -> None:
        run, summary = self._run, self._run.summary
        totals, gaps = summary["totals"], len(summary["gaps"])
        count = run.translate(
            "fact.instances.text",
            instances=f"{totals['instances']:,}",
            scanned=f"{totals['states']['scanned']:,}",
            gaps=f"{gaps:,}",
        )
        facts = {
            "status": run.translate(f"status.{summary['status']}"),
            "instances": count,
            "waived": waived_sentence(summary, run.common),
            "profile": run.profile["title"][run.language],
            "edition": summary["edition"],
            "period": f"{moment(summary['started_at'])} ~ {moment(summary['finished_at'])}",
            "scope": ", ".join(describe_scope(summary["request"], run.language)),
            "requester": requested_by(summary, run.language),
            "run": summary["run"],
            "bundle": summary["bundle"],
        }
        for key, text in facts.items():
            self._labelled(run.translate(f"fact.{key}"), text)

    def _counts(self, tally: Tally) -> None:
        run = self._run
        self._section("counts")
        self._headings([run.translate(key) for key in ("column.importance", *OUTCOME_NAMES, "column.total")])
        total: Counter[str] = Counter()
        for severity in SEVERITIES:
            counts = tally.importance[severity]
            total.update(counts)
            self._cells([run.importance[severity], *(counts[outcome] for outcome in OUTCOMES), counts.total()])
        self._cells([run.translate("column.total"), *(total[outcome] for outcome in OUTCOMES), total.total()])

    def _coverage(self) -> None:
        """Every instance by state and reason, then what was not entered."""
        run = self._run
        self._section("coverage")
        keys = ("kind", "state", "count", "reason", "cause")
        self._headings([run.translate(f"column.{key}") for key in keys], merged_from=len(keys) - 1)
        outside = [line for line in run.ledger.places.values() if line["state"] != "scanned"]
        for lines in (run.ledger.instances.values(), outside):
            counts = Counter((line["kind"], line["state"], line["reason"]) for line in lines)
            for (kind, state, reason), count in sorted(counts.items(), key=lambda one: _by_state(one[0])):
                cause = reasons()[reason]["cause"][run.language] if is_documented(reason) else ""
                named = (run.translate(f"kind.{kind}"), run.common(f"state.{state}"), count, reason, cause)
                self._cells(named, merged_from=len(keys) - 1)

    def _meanings(self) -> None:
        self._section("verdicts")
        for outcome in OUTCOMES:
            self._labelled(self._run.translate(f"verdict.{outcome}"), self._run.translate(f"meaning.{outcome}"))

    def _section(self, key: str) -> None:
        self._next()
        self._sheet.write_string(self._next(), 0, self._run.translate(f"section.{key}"), self._formats.section)
        if key != "verdicts":
            self._sheet.write_string(self._next(), 0, self._run.translate(f"section.{key}.text"))

    def _labelled(self, label: str, text: str) -> None:
        row = self._next()
        self._sheet.write_string(row, 0, label, self._formats.heading)
        self._wide(row, 1, text)

    def _headings(self, names: Sequence[str], merged_from: int | None = None) -> None:
        row = self._next()
        if merged_from is not None:
            self._sheet.merge_range(row, merged_from, row, LAST, "", self._formats.heading)
        for column, name in enumerate(names):
            self._sheet.write_string(row, column, name, self._formats.heading)

    def _cells(self, values: Iterable[str | int], merged_from: int | None = None) -> None:
        row = self._next()
        for column, value in enumerate(values):
            if column == merged_from:
                self._wide(row, column, str(value))
            elif isinstance(value, int):
                self._sheet.write_number(row, column, value, self._formats.boxed_count)
            else:
                self._put(row, column, value)

    def _put(self, row: int, column: int, text: str) -> str:
        ready, formats = as_text(text, self._run.translate), self._formats
        usual = formats.boxed if column else formats.boxed_centered
        self._sheet.write_string(row, column, ready.shown, formats.boxed_inert if ready.looks_like_formula else usual)
        return ready.shown

    def _wide(self, row: int, column: int, text: str) -> None:
        """A text over the rest of the sheet's width."""
        self._sheet.merge_range(row, column, row, LAST, "", self._formats.boxed)
        self._sheet.set_row(row, height(lines_of(self._put(row, column, text), sum(WIDTHS[column:]))))


def _by_state(key: tuple[LedgerKind, LedgerState, str]) -> tuple[str, int, str]:
    kind, state, reason = key
    return kind, LEDGER_STATES.index(state), reason
