"""Show a run's summary in a terminal: gaps first, then coverage, the worst items and where the report is.

Built from rich's own parts, so that colors, width and Unicode follow the terminal. Foreign text is put into `Text`
objects only, never into rich's markup, with hidden characters and terminal escapes written out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from fleetdx.models import GAP_STATES, LEDGER_STATES, SEVERITIES
from fleetdx.reporting.changes import change_totals, left_off
from fleetdx.reporting.exclusions import exclusion_lines, note_lines
from fleetdx.reporting.messages import cause_for_reason, localized, remedy_for_reason, translator
from fleetdx.reporting.summary import is_quiet
from fleetdx.reporting.tables import constrained, plain_table
from fleetdx.reporting.text import elapsed, one_line
from fleetdx.reporting.waivers import waiver_lines

if TYPE_CHECKING:
    from os import PathLike

    from rich.console import RenderableType

    from fleetdx.models import Language, LedgerState
    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import ChangeSummary, FindingCounts, Gap, Summary, Target, WorstItem

MOST_GAPS: Final = 10
MOST_TARGETS: Final = 40
MOST_ITEMS: Final = 10
MOST_CHANGES: Final = 5

_STYLE_OF: Final = {"high": "bold red", "medium": "yellow", "low": "cyan"}
_STYLE_OF_CHANGE: Final = {"new": "bold red", "fixed": "bold green", "gone": "dim"}


def summary_table(
    summary: Summary,
    report: str | PathLike[str] | None = None,
    language: Language = "en",
    workbook: str | PathLike[str] | None = None,
) -> Group:
    """Return what a person sees when a run has ended.

    Args:
        summary: The run's summary.
        report: Where report.html is, as it is to be shown; None to leave that line out.
        language: Language of the fixed texts and titles.
        workbook: Where report.xlsx is; None where there is none.
    """
    translate = translator(language)
    parts: list[RenderableType] = [_headline(summary, translate)]
    parts += _gaps(summary["gaps"], translate, language)
    if "changes" in summary:
        parts += _changes(summary["changes"], translate)
    parts += waiver_lines(summary, translate)
    parts += exclusion_lines(summary, translate)
    parts += note_lines(summary, translate)
    parts += _coverage(summary, translate)
    if summary["totals"]["states"]["scanned"]:
        parts += _worst_items(summary["worst_items"], summary["edition"], translate, language)
    if not summary["totals"]["instances"]:
        parts += ["", Text(translate("coverage.nothing"), "bold yellow")]
    if report is not None:
        parts += ["", Text.assemble((f"{translate('report')}: ", "bold"), one_line(str(report)), overflow="fold")]
    if workbook is not None:
        parts.append(Text.assemble(("report.xlsx: ", "bold"), one_line(str(workbook)), overflow="fold"))
    return Group(*parts)


def _headline(summary: Summary, translate: Translate) -> Text:
    is_complete = summary["status"] == "complete"
    status = translate(f"status.{summary['status']}")
    if summary["gaps"]:
        status = f"{status}: {translate('status.gaps', count=len(summary['gaps']))}"
    took = elapsed(summary["started_at"], summary["finished_at"])
    facts = [summary["edition"], summary["run"], *([translate("fact.took", time=took)] if took else [])]
    return Text.assemble(
        (status, "bold green" if is_complete else "bold red"),
        "   ",
        (one_line(", ".join(facts)), "dim"),
    )


def _gaps(gaps: list[Gap], translate: Translate, language: Language) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for gap in gaps[:MOST_GAPS]:
        subject = " ".join(filter(None, (gap["instance"], gap["instance_name"]))) or translate("not_scanned.place")
        where = f"{gap['account_name']} {gap['account']} {gap['region']}"
        state, reason, detail = translate(f"state.{gap['state']}"), one_line(gap["reason"]), one_line(gap["detail"])
        cause = cause_for_reason(language, gap["reason"])
        lines = [
            Text.assemble((one_line(subject), "bold"), "  ", one_line(where)),
            Text.assemble(f"{state}. {cause or detail}", (f" ({reason})", "dim")),
            *([Text(detail, "dim")] if cause else []),
            Text(remedy_for_reason(language, gap["state"], gap["reason"]), "dim"),
        ]
        parts += ["", lines[0], *(Padding(line, (0, 0, 0, 2)) for line in lines[1:])]
    if len(gaps) > MOST_GAPS:
        parts += ["", Text(translate("status.more_gaps", count=len(gaps) - MOST_GAPS), "dim")]
    return parts


def _coverage(summary: Summary, translate: Translate) -> list[RenderableType]:
    table = plain_table(title=translate("coverage"))
    table.add_column(translate("column.where"), overflow="fold", min_width=20, max_width=28)
    table.add_column(translate("column.instances"), justify="right", no_wrap=True)
    table.add_column(translate("state.scanned"), justify="right", no_wrap=True)
    table.add_column(translate("not_scanned"), ratio=1)
    for severity in SEVERITIES:
        table.add_column(translate(f"severity.{severity}"), justify="right", no_wrap=True)
    told = [target for target in summary["targets"] if not is_quiet(target)]
    account = None
    for target in told[:MOST_TARGETS]:
        if target["account"] != account:
            account = target["account"]
            table.add_row(Text.assemble((one_line(target["account_name"]), "bold"), "\n", (one_line(account), "dim")))
        table.add_row(*_target_cells(target, translate))
    totals = summary["totals"]
    table.add_row(
        Text(translate("coverage.total"), "bold"),
        Text(f"{totals['instances']:,}", "bold"),
        Text(f"{totals['states']['scanned']:,}", "bold"),
        _other_states(totals["states"], translate),
        *_finding_cells(totals["findings"]),
    )
    return ["", constrained(table), *_left_off(summary, len(told), translate)]


def _left_off(summary: Summary, told: int, translate: Translate) -> list[RenderableType]:
    quiet = len(summary["targets"]) - told
    lines = [translate("coverage.quiet", count=quiet)] if quiet else []
    lines += [translate("coverage.more", count=told - MOST_TARGETS)] if told > MOST_TARGETS else []
    return [Text(line, "dim") for line in lines]


def _changes(changes: ChangeSummary, translate: Translate) -> list[RenderableType]:
    told = [translate(f"changes.{kind}", count=count) for kind, count in change_totals(changes).items()]
    headline = ", ".join(told) or translate("changes.none")
    parts: list[RenderableType] = ["", Text.assemble((f"{translate('changes.title')}: ", "bold"), headline)]
    for change in changes["first"][:MOST_CHANGES]:
        where = " ".join(filter(None, (change["instance"], change["instance_name"])))
        line = Text.assemble(
            (f"  {translate('change.' + change['change'])} ", _STYLE_OF_CHANGE[change["change"]]),
            f"{one_line(change['item'])} {one_line(change['check'])}  ",
            (one_line(f"{where}  {change['account_name']} {change['region']}"), "dim"),
        )
        parts.append(line)
    if more := left_off(changes, MOST_CHANGES):
        parts.append(Text(f"  {translate('changes.more', count=more)}", "dim"))
    if changes["unreadable"]:
        parts.append(Text(translate("changes.unreadable", accounts=", ".join(changes["unreadable"])), "bold yellow"))
    return parts


def _target_cells(target: Target, translate: Translate) -> list[Text]:
    region = Text(f"  {one_line(target['region'])}")
    if not target["entered"] and not any(target["states"].values()):
        why = Text(translate("coverage.not_entered"))
        return [region, Text("-", "dim"), Text("-", "dim"), why, *(Text("-", "dim") for _ in SEVERITIES)]
    reported = target["instances"]
    return [
        region,
        Text("?" if reported is None else f"{reported:,}"),
        Text(f"{target['states']['scanned']:,}"),
        _other_states(target["states"], translate),
        *_finding_cells(target["findings"]),
    ]


def _other_states(states: dict[LedgerState, int], translate: Translate) -> Text:
    """Say how many instances are in each state but `scanned`, leaving out states that no instance is in."""
    counts = [
        Text(
            translate("state.count", count=states[state], state=translate(f"state.{state}").lower()),
            "red" if state in GAP_STATES else "",
        )
        for state in LEDGER_STATES
        if state != "scanned" and states[state]
    ]
    return Text("\n").join(counts)


def _finding_cells(findings: FindingCounts) -> list[Text]:
    return [Text(f"{findings[one]:,}", _STYLE_OF[one] if findings[one] else "dim") for one in SEVERITIES]


def _worst_items(
    items: list[WorstItem], edition: str, translate: Translate, language: Language
) -> list[RenderableType]:
    table = plain_table(title=translate("worst_items"))
    table.add_column(one_line(translate("column.item", edition=edition)), no_wrap=True)
    table.add_column(translate("column.title"), ratio=1, overflow="fold")
    table.add_column(translate("column.severity"), no_wrap=True)
    table.add_column(translate("column.failed_of"), justify="right")
    repeated = Counter(row["item"] for row in items)
    for row in items[:MOST_ITEMS]:
        failed = translate("failed_of", failed=f"{row['failed']:,}", assessed=f"{row['assessed']:,}")
        severity = Text(translate(f"severity.{row['severity']}"), _STYLE_OF[row["severity"]])
        title = Text(one_line(localized(row["title"], language)))
        if repeated[row["item"]] > 1:  # the title alone would not tell which of the item's checks failed
            title.append(f"\n{one_line(row['check'])}", "dim")
        table.add_row(Text(one_line(row["item"])), title, severity, failed)
    if not items:
        return ["", Text(translate("worst_items.none"))]
    return ["", constrained(table)]
