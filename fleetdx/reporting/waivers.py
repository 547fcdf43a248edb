"""What a report says of waivers: how many findings are waived, and which entries need somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import FindingCounts, Summary, WaiverSummary

MOST_TOLD: Final = 5
"""How many entries that need somebody a terminal shows."""


def sum_of(counts: FindingCounts) -> int:
    """The findings of every severity together."""
    return counts["high"] + counts["medium"] + counts["low"]


def waivers_to_tell(summary: Summary) -> WaiverSummary | None:
    """The register as the run found it; None where there is nothing to tell: no waiver, and nothing wrong."""
    waivers = summary.get("waivers")
    return waivers if waivers and (waivers["entries"] or waivers["unreadable"]) else None


def waived_sentence(summary: Summary, translate: Translate) -> str:
    """Say how many findings are waived, or why no waiver holds."""
    waivers, waived = summary.get("waivers"), sum_of(summary["totals"]["waived"])
    if waivers and waivers["unreadable"]:
        return translate("waivers.unreadable", why=one_line(waivers["unreadable"]))
    return translate("waivers.waived", count=waived) if waived else translate("waivers.none")


def waiver_lines(summary: Summary, translate: Translate) -> list[RenderableType]:
    """The lines of a terminal: what is waived, and what is about to lapse, has expired or breaks a rule."""
    waivers = waivers_to_tell(summary)
    if waivers is None:
        return []
    told = waived_sentence(summary, translate)
    style = "bold yellow" if waivers["unreadable"] else ""
    parts: list[RenderableType] = ["", Text.assemble((f"{translate('waivers.title')}: ", "bold"), (told, style))]
    needy = [entry for entry in waivers["entries"] if entry["standing"] != "holds"]
    parts += [
        Text.assemble(
            (f"  {translate('waiver.' + entry['standing'])} ", "yellow"),
            one_line(f"{entry['id']}  {entry['subject']}  {entry['expires_at']}"),
            (one_line(f"  {entry['owner']}"), "dim"),
        )
        for entry in needy[:MOST_TOLD]
    ]
    return parts
