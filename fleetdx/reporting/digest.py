"""The message to Slack about a run: coverage, what is new and fixed, and the waivers that need somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.reporting.changes import change_totals
from fleetdx.reporting.messages import translator
from fleetdx.reporting.slack_text import MOST_PLACE, MOST_SENTENCE, bounded, escaped
from fleetdx.reporting.text import clip, one_line
from fleetdx.reporting.waivers import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fleetdx.models import Language
    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import (
        Change,
        ChangeLine,
        ChangeSummary,
        ExclusionSummary,
        RegisterEntry,
        Summary,
        WaiverSummary,
    )

MOST_OF_A_KIND: Final = 8
TOLD_ONE_BY_ONE: Final[tuple[Change, ...]] = ("new", "fixed")


def digest_text(summary: Summary, place: str, language: Language) -> str:
    """The message, in Slack's mrkdwn. No finding's evidence stands in it.

    Args:
        summary: The run's summary.
        place: Where the report is; the last line names it.
        language: Language of the message.
    """
    translate = translator(language)
    body = [
        *(_changes(summary["changes"], translate) if "changes" in summary else ()),
        *(_waivers(summary["waivers"], translate) if "waivers" in summary else ()),
        *(_exclusions(summary["exclusions"], translate) if "exclusions" in summary else ()),
        *(escaped(note["sentence"], MOST_SENTENCE) for note in summary.get("notes", ())),
    ]
    last = translate("digest.report", place=one_line(clip(place, MOST_PLACE).text))
    return bounded(_head(summary, translate), body, last, translate("digest.cut"))


def _head(summary: Summary, translate: Translate) -> list[str]:
    totals, gaps = summary["totals"], len(summary["gaps"])
    counts = totals["findings"]
    findings = translate("digest.findings", high=counts["high"], medium=counts["medium"], low=counts["low"])
    waived, excluded = sum_of(totals["waived"]), totals["states"]["excluded"]
    coverage = translate(
        "digest.coverage",
        scanned=f"{totals['states']['scanned']:,}",
        instances=f"{totals['instances']:,}",
        gaps=translate("status.gaps", count=gaps),
    )
    return [
        translate(f"digest.{summary['status']}", run=one_line(summary["run"]), profile=one_line(summary["profile"])),
        f"{coverage} {translate('digest.excluded', count=excluded)}" if excluded else coverage,
        f"{findings} {translate('digest.waived', count=waived)}" if waived else findings,
    ]


def _changes(changes: ChangeSummary, translate: Translate) -> Iterator[str]:
    totals = change_totals(changes)
    for kind in TOLD_ONE_BY_ONE:
        if not totals.get(kind):
            continue
        yield f"*{translate(f'changes.{kind}', count=totals[kind])}*"
        told = [change for change in changes["first"] if change["change"] == kind][:MOST_OF_A_KIND]
        yield from map(_told, told)
        if totals[kind] > len(told):
            yield f"• {translate('digest.more', count=totals[kind] - len(told))}"
    if totals.get("continued"):
        yield translate("changes.continued", count=totals["continued"])
    if totals.get("gone"):
        yield translate("changes.gone", count=totals["gone"])
    if changes["unreadable"]:
        yield translate("changes.unreadable", accounts=", ".join(changes["unreadable"][:MOST_OF_A_KIND]))


def _told(change: ChangeLine) -> str:
    name = f" {escaped(change['instance_name'])}" if change["instance_name"] else ""
    where = f"{escaped(change['account_name'])} {escaped(change['account'] + '/' + change['region'])}"
    return f"• {escaped(change['item'])} {escaped(change['check'])}: {escaped(change['instance'])}{name}, {where}"


def _waivers(waivers: WaiverSummary, translate: Translate) -> Iterator[str]:
    if waivers["unreadable"]:
        yield f"*{translate('waivers.unreadable', why=escaped(waivers['unreadable']))}*"
    needy = [entry for entry in waivers["entries"] if entry["standing"] != "holds"]
    told = [(entry, f"{escaped(entry['id'])} {escaped(entry['subject'])}") for entry in needy]
    yield from _needy("waiver", told, translate)


def _exclusions(exclusions: ExclusionSummary, translate: Translate) -> Iterator[str]:
    needy = [entry for entry in exclusions["entries"] if entry["standing"] != "holds"]
    yield from _needy("exclusion", [(entry, escaped(entry["id"])) for entry in needy], translate)


def _needy(kind: str, needy: Sequence[tuple[RegisterEntry, str]], translate: Translate) -> Iterator[str]:
    """Entries that need somebody, each with what it is called."""
    if needy:
        yield f"*{translate(f'digest.{kind}s', count=len(needy))}*"
    for entry, called in needy[:MOST_OF_A_KIND]:
        standing = translate(f"{kind}.{entry['standing']}")
        yield f"• {called} {escaped(entry['owner'])}: {standing}, {entry['expires_at']}"
    if len(needy) > MOST_OF_A_KIND:
        yield f"• {translate('digest.more', count=len(needy) - MOST_OF_A_KIND)}"
