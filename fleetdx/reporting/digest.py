"""The message to Slack about a run: coverage, what is new and fixed, and the waivers that need somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.reporting.changes import change_totals
from fleetdx.reporting.messages import translator
from fleetdx.reporting.slack_text import MOST_PLACE, bounded, escaped
from fleetdx.reporting.text import clip, one_line
from fleetdx.reporting.waivers import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.models import Language
    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import Change, ChangeLine, ChangeSummary, ImportSummary, Summary, WaiverSummary

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
        *(_import(summary["security_hub"], translate) if "security_hub" in summary else ()),
    ]
    last = translate("digest.report", place=one_line(clip(place, MOST_PLACE).text))
    return bounded(_head(summary, translate), body, last, translate("digest.cut"))


def _head(summary: Summary, translate: Translate) -> list[str]:
    totals, gaps = summary["totals"], len(summary["gaps"])
    counts = totals["findings"]
    findings = translate("digest.findings", high=counts["high"], medium=counts["medium"], low=counts["low"])
    waived = sum_of(totals["waived"])
    return [
        translate(f"digest.{summary['status']}", run=one_line(summary["run"]), profile=one_line(summary["profile"])),
        translate(
            "digest.coverage",
            scanned=f"{totals['states']['scanned']:,}",
            instances=f"{totals['instances']:,}",
            gaps=translate("status.gaps", count=gaps),
        ),
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
    if needy:
        yield f"*{translate('digest.waivers', count=len(needy))}*"
    for entry in needy[:MOST_OF_A_KIND]:
        what = " ".join(escaped(text) for text in (entry["id"], entry["subject"], entry["owner"]))
        yield f"• {what}: {translate('waiver.' + entry['standing'])}, {entry['expires_at']}"
    if len(needy) > MOST_OF_A_KIND:
        yield f"• {translate('digest.more', count=len(needy) - MOST_OF_A_KIND)}"


def _import(imported: ImportSummary, translate: Translate) -> Iterator[str]:
    """What Security Hub has not accepted; nothing where it has everything."""
    if imported["why"]:
        yield f"*{translate('digest.import_ended', why=escaped(imported['why']))}*"
    if imported["problem_count"]:
        yield f"*{translate('digest.not_imported', count=imported['failed'], places=imported['problem_count'])}*"
    for problem in imported["problems"][:MOST_OF_A_KIND]:
        yield f"• {escaped(problem['account'] + '/' + problem['region'])}: {escaped(problem['why'])}"
