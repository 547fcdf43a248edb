"""Show a sweep's summary in a terminal: how many are managed, why the others are not, where, and what changed.

Foreign text is put into `Text` objects only, never into rich's markup, with hidden characters written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from fleetdx.coverage.models import CAUSES, MANAGED_CAUSES, QUIET_CAUSES
from fleetdx.coverage.texts import cause_title
from fleetdx.reporting.coverage.tally import unmanaged_in
from fleetdx.reporting.messages import COVERAGE, cause_for_reason, remedy_for_reason, translator
from fleetdx.reporting.tables import constrained, plain_table
from fleetdx.reporting.text import elapsed, one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fleetdx.coverage.models import Cause, Change, Changes, CoverageSummary, CoverageTarget, CoverageTotals
    from fleetdx.models import Language
    from fleetdx.reporting.messages import Translate

MOST_UNCHECKED: Final = 10
MOST_TARGETS: Final = 40
MOST_CAUSES: Final = 3
"""How many causes of an account-region are named; the worst first."""

MOST_CHANGES: Final = 5


def coverage_table(summary: CoverageSummary, page: str | None, language: Language = "en") -> Group:
    """Return what a person sees when a sweep has ended.

    Args:
        summary: The sweep's summary.
        page: Where coverage.html is, as it is to be shown; None to leave that line out.
        language: Language of the fixed texts and titles.
    """
    translate = translator(language, COVERAGE)
    parts: list[RenderableType] = [_headline(summary, translate)]
    parts += _unchecked(summary["targets"], translate, language)
    parts += _causes(summary["totals"], translate, language)
    parts += _places(summary, translate, language)
    parts += _changes(summary["changes"], translate, language)
    if page is not None:
        parts += ["", Text.assemble((f"{translate('page')}: ", "bold"), one_line(page), overflow="fold")]
    return Group(*parts)


def _headline(summary: CoverageSummary, translate: Translate) -> Text:
    totals, is_complete = summary["totals"], summary["status"] == "complete"
    if totals["running"]:
        managed, running = f"{totals['managed']:,}", f"{totals['running']:,}"
        status = translate(f"status.{summary['status']}", managed=managed, running=running)
    else:
        status = translate("status.nothing" if is_complete else "status.nothing_incomplete")
    took = elapsed(summary["started_at"], summary["finished_at"])
    facts = [summary["sweep"], *([translate("fact.took", time=took)] if took else [])]
    style = "bold red" if not is_complete else "bold yellow" if totals["unmanaged"] else "bold green"
    return Text.assemble((status, style), "   ", (one_line(", ".join(facts)), "dim"))


def _unchecked(targets: list[CoverageTarget], translate: Translate, language: Language) -> list[RenderableType]:
    found = [target for target in targets if not target["checked"]]
    parts: list[RenderableType] = []
    if found:
        parts = ["", Text(translate("status.unchecked", count=len(found)))]
    for target in found[:MOST_UNCHECKED]:
        cause, detail = cause_for_reason(language, target["reason"]), one_line(target["detail"])
        lines = [
            Text.assemble(cause or detail, (f" ({one_line(target['reason'])})", "dim")),
            *([Text(detail, "dim")] if cause else []),
            Text(remedy_for_reason(language, "scan_failed", target["reason"]), "dim"),
        ]
        parts += ["", Text(_where(target), "bold"), *(Padding(line, (0, 0, 0, 2)) for line in lines)]
    if len(found) > MOST_UNCHECKED:
        parts += ["", Text(translate("table.more_unchecked", count=len(found) - MOST_UNCHECKED), "dim")]
    return parts


def _causes(totals: CoverageTotals, translate: Translate, language: Language) -> list[RenderableType]:
    table = plain_table(title=translate("causes"))
    table.add_column(translate("column.count"), justify="right", no_wrap=True)
    table.add_column(translate("table.cause"), ratio=1)
    counts = totals["causes"]
    found = sorted(
        (cause for cause in CAUSES if counts[cause]), key=lambda cause: (cause in QUIET_CAUSES, -counts[cause])
    )
    for cause in found:
        title = Text.assemble(cause_title(cause, language), (f" ({cause})", "dim"))
        table.add_row(Text(f"{counts[cause]:,}", _style(cause)), title)
    return ["", constrained(table)] if found else []


def _style(cause: Cause) -> str:
    return "green" if cause in MANAGED_CAUSES else "dim" if cause in QUIET_CAUSES else "bold red"


def _places(summary: CoverageSummary, translate: Translate, language: Language) -> list[RenderableType]:
    table = plain_table(title=translate("table.places"))
    table.add_column(translate("column.where"), overflow="fold", min_width=20, max_width=28)
    table.add_column(translate("column.running"), justify="right", no_wrap=True)
    table.add_column(translate("column.managed"), justify="right", no_wrap=True)
    table.add_column(translate("column.causes"), ratio=1)
    told = [target for target in summary["targets"] if unmanaged_in(target)]
    worst = sorted(told, key=lambda target: -unmanaged_in(target))[:MOST_TARGETS]
    account = None
    for target in (target for target in told if target in worst):
        if target["account"] != account:
            account = target["account"]
            table.add_row(Text.assemble((one_line(target["account_name"]), "bold"), "\n", (one_line(account), "dim")))
        table.add_row(*_target_cells(target, language))
    totals = summary["totals"]
    table.add_row(
        Text(translate("total"), "bold"), Text(f"{totals['running']:,}", "bold"), Text(f"{totals['managed']:,}", "bold")
    )
    return ["", constrained(table), *_left_off(summary["targets"], len(told), translate)]


def _target_cells(target: CoverageTarget, language: Language) -> list[Text]:
    counts = {cause: count for cause, count in target["causes"].items() if cause not in QUIET_CAUSES}
    worst = sorted(counts, key=lambda cause: -counts[cause])
    causes = [Text.assemble((f"{counts[cause]:,} ", "red"), cause_title(cause, language)) for cause in worst]
    more = [Text(f"+{len(worst) - MOST_CAUSES}", "dim")] if len(worst) > MOST_CAUSES else []
    return [
        Text(f"  {one_line(target['region'])}"),
        Text(f"{target['running']:,}"),
        Text(f"{target['managed']:,}"),
        Text("\n").join([*causes[:MOST_CAUSES], *more]),
    ]


def _left_off(targets: list[CoverageTarget], told: int, translate: Translate) -> list[RenderableType]:
    quiet = sum(target["checked"] and not unmanaged_in(target) for target in targets)
    lines = [translate("table.more", count=told - MOST_TARGETS)] if told > MOST_TARGETS else []
    lines += [translate("table.quiet", count=quiet)] if quiet else []
    return [Text(line, "dim") for line in lines]


def _changes(changes: Changes, translate: Translate, language: Language) -> list[RenderableType]:
    heading = Text(translate("changes"), "bold")
    if changes["since"] is None:
        return ["", heading, Text(translate("changes.first"), "dim")]
    kinds = (
        ("newly_unmanaged", changes["newly_unmanaged"], changes["newly_unmanaged_count"]),
        ("other_cause", changes["other_cause"], changes["other_cause_count"]),
        ("managed_again", changes["managed_again"], changes["managed_again_count"]),
    )
    parts: list[RenderableType] = []
    for kind, shown, count in kinds:
        parts += [Text(translate(f"changes.{kind}", count=count))] if count else []
        parts += [Padding(_change(change, translate, language), (0, 0, 0, 2)) for change in shown[:MOST_CHANGES]]
        more = count - len(shown[:MOST_CHANGES])
        parts += [Padding(Text(translate("table.more_changes", count=more), "dim"), (0, 0, 0, 2))] if more else []
    if changes["places_lost"]:
        parts.append(Text(translate("changes.places_lost", count=len(changes["places_lost"]))))
        parts += [Padding(Text(one_line(place)), (0, 0, 0, 2)) for place in changes["places_lost"][:MOST_CHANGES]]
    if changes["gone_count"]:
        parts.append(Text(translate("changes.gone", count=changes["gone_count"])))
    nothing = Text(translate("changes.none", since=one_line(changes["since"])), "dim")
    return ["", heading, *(parts or [nothing])]


def _change(change: Change, translate: Translate, language: Language) -> Text:
    subject = " ".join(filter(None, (change["instance"], change["instance_name"])))
    ends = [
        translate("changes.absent") if cause is None else cause_title(cause, language)
        for cause in (change["before"], change["after"])
    ]
    return Text.assemble((one_line(subject), "bold"), "  ", _where(change), "\n", (" → ".join(ends), "dim"))


def _where(one: CoverageTarget | Change) -> str:
    return one_line(f"{one['account_name']} {one['account']} {one['region']}")
