"""Show what differs between two runs in a terminal.

Foreign text is put into `Text` objects only, never into rich's markup, with hidden characters written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.text import Text

from fleetdx.comparison import ORDER, Kind
from fleetdx.reporting.messages import translator
from fleetdx.reporting.tables import constrained, plain_table
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fleetdx.comparison import Comparison, InstanceDifference, VerdictDifference
    from fleetdx.models import Language
    from fleetdx.reporting.messages import Translate

MOST_ROWS: Final = 40
"""The longest table; --json tells everything."""
STYLES: Final[dict[Kind, str]] = {"new": "bold red", "fixed": "bold green", "verdict": "bold"}


def comparison_tables(found: Comparison, language: Language = "en") -> Group:
    """Return what a person sees of two runs' differences.

    Args:
        found: The differences.
        language: Language of the fixed texts.
    """
    translate = translator(language)
    parts: list[RenderableType] = [Text(translate("diff.title", before=found["before"], after=found["after"]), "bold")]
    for kind in ORDER:
        parts += _verdicts(kind, [one for one in found["verdicts"] if one["kind"] == kind], translate)
    parts += _instances(found["instances"], translate)
    if not found["verdicts"] and not found["instances"]:
        parts += ["", Text(translate("diff.nothing"))]
    return Group(*parts)


def _verdicts(kind: Kind, found: list[VerdictDifference], translate: Translate) -> list[RenderableType]:
    if not found:
        return []
    table = plain_table(title="")
    table.title = Text(translate(f"diff.{kind}", count=len(found)), STYLES[kind])
    table.add_column(translate("diff.item"), no_wrap=True)
    table.add_column(translate("diff.instance"), overflow="fold", min_width=19)
    table.add_column(translate("diff.change"), ratio=1)
    for one in found[:MOST_ROWS]:
        change = f"{translate('verdict.' + one['before'])} → {translate('verdict.' + one['after'])}"
        table.add_row(
            Text.assemble(one["item"], "\n", (translate(f"severity.{one['severity']}"), "dim")),
            _instance(one),
            Text.assemble(change, "\n", (one_line(one["check"]), "dim"), "\n", one_line(one["reason"])),
        )
    return ["", constrained(table), *_more(len(found), translate)]


def _instances(found: list[InstanceDifference], translate: Translate) -> list[RenderableType]:
    if not found:
        return []
    table = plain_table(title=translate("diff.instances", count=len(found)))
    table.add_column(translate("diff.instance"), overflow="fold", min_width=19)
    table.add_column(translate("diff.change"), ratio=1)
    for one in found[:MOST_ROWS]:
        before, after = (
            translate(f"state.{state}" if state else "diff.absent") for state in (one["before"], one["after"])
        )
        reason = (f"\n{one_line(one['reason'])}", "dim") if one["reason"] else ""
        table.add_row(_instance(one), Text.assemble(f"{before} → {after}", reason))
    return ["", constrained(table), *_more(len(found), translate)]


def _instance(one: VerdictDifference | InstanceDifference) -> Text:
    name = one_line(one["instance_name"] or one["instance"])
    place = f"{one_line(one['account_name'])}, {one['region']}\n{one['instance']}"
    return Text.assemble((name, "bold"), "\n", (place, "dim"))


def _more(count: int, translate: Translate) -> list[RenderableType]:
    return [Text(translate("diff.more", count=count - MOST_ROWS), "dim")] if count > MOST_ROWS else []
