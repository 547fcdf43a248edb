"""What a report says of exclusions: how many instances are left out on purpose, and which entries need somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import ExclusionSummary, Summary

MOST_TOLD: Final = 5
"""How many entries that need somebody a terminal shows."""


def exclusions_to_tell(summary: Summary) -> ExclusionSummary | None:
    """The entries as the run found them; None where there are none and nothing is excluded."""
    nothing: ExclusionSummary = {"entries": [], "left_off": 0}
    exclusions = summary.get("exclusions", nothing)
    return exclusions if exclusions["entries"] or summary["totals"]["states"]["excluded"] else None


def excluded_sentence(summary: Summary, translate: Translate) -> str:
    """Say how many instances are excluded."""
    return translate("exclusions.excluded", count=summary["totals"]["states"]["excluded"])


def exclusion_lines(summary: Summary, translate: Translate) -> list[RenderableType]:
    """The lines of a terminal: what is excluded, and what is about to lapse, has expired or breaks a rule."""
    exclusions = exclusions_to_tell(summary)
    if exclusions is None:
        return []
    told = excluded_sentence(summary, translate)
    needy = [entry for entry in exclusions["entries"] if entry["standing"] != "holds"]
    return [
        "",
        Text.assemble((f"{translate('exclusions.title')}: ", "bold"), told),
        *(
            Text.assemble(
                (f"  {translate('exclusion.' + entry['standing'])} ", "yellow"),
                one_line(f"{entry['id']}  {entry['expires_at']}"),
                (one_line(f"  {entry['owner']}"), "dim"),
            )
            for entry in needy[:MOST_TOLD]
        ),
    ]


def note_lines(summary: Summary, translate: Translate) -> list[RenderableType]:
    """The lines of a terminal about what discovery had to do without."""
    return [
        Text.assemble(
            (f"{translate('notes.title')}: ", "bold yellow"),
            one_line(note["sentence"]),
            (f" ({translate('notes.places', count=note['account_regions'], first=note['first'])})", "dim"),
        )
        for note in summary.get("notes", ())
    ]
