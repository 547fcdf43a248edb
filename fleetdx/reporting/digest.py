"""The message to Slack about a run: coverage, what is new and fixed, and the waivers that need somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fleetdx.reporting.changes import change_totals
from fleetdx.reporting.messages import translator
from fleetdx.reporting.slack_text import MOST_PLACE, MOST_SENTENCE, bounded, escaped
from fleetdx.reporting.text import clip, one_line
from fleetdx.reporting.waivers import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fleetdx.models import Language, RunStatus
    from fleetdx.reporting.messages import Translate
    from fleetdx.run_models import (
        Change,
        ChangeLine,
        ChangeSummary,
        ExclusionSummary,
        FindingCounts,
        ImportSummary,
        RegisterEntry,
        Summary,
        WaiverSummary,
    )

MOST_OF_A_KIND: Final = 8
TOLD_ONE_BY_ONE: Final[tuple[Change, ...]] = ("new", "fixed")


class Digest(NamedTuple):
    """What a message tells of a run, or of an owner's part of it.

    Attributes:
        run: The run.
        profile: Its profile.
        status: Whether it has no gap.
        instances: How many instances are in scope.
        scanned: How many of them were scanned.
        excluded: How many of them the register excludes.
        gaps: How many gaps there are.
        findings: Findings that count.
        waived: How many findings do not.
        changes: What has changed.
        waivers: The register's waivers; those that need somebody are told.
        exclusions: Its exclusions, told likewise.
        notes: What the run had to do without, a sentence each.
        imported: What became of the import into Security Hub; None where nothing is told of it.
    """

    run: str
    profile: str
    status: RunStatus
    instances: int
    scanned: int
    excluded: int
    gaps: int
    findings: FindingCounts
    waived: int
    changes: ChangeSummary | None
    waivers: WaiverSummary | None
    exclusions: ExclusionSummary | None
    notes: Sequence[str] = ()
    imported: ImportSummary | None = None


def digest_of(summary: Summary) -> Digest:
    """What is told of a whole run."""
    totals = summary["totals"]
    return Digest(
        summary["run"],
        summary["profile"],
        summary["status"],
        totals["instances"],
        totals["states"]["scanned"],
        totals["states"]["excluded"],
        len(summary["gaps"]),
        totals["findings"],
        sum_of(totals["waived"]),
        summary.get("changes"),
        summary.get("waivers"),
        summary.get("exclusions"),
        [note["sentence"] for note in summary.get("notes", ())],
        summary.get("security_hub"),
    )


def digest_text(summary: Summary, place: str, language: Language, note: str = "") -> str:
    """The message, in Slack's mrkdwn. No finding's evidence stands in it.

    Args:
        summary: The run's summary.
        place: Where the report is; the last line names it.
        language: Language of the message.
        note: What is wrong beside the run itself; empty where nothing is.
    """
    translate, digest = translator(language), digest_of(summary)
    digest = digest._replace(notes=[*digest.notes, *([note] if note else ())])
    return message(digest, translate("digest.report", place=one_line(clip(place, MOST_PLACE).text)), translate)


def message(digest: Digest, last: str, translate: Translate) -> str:
    """The message with a last line, which always stands."""
    body = [
        *(_changes(digest.changes, translate) if digest.changes else ()),
        *(_waivers(digest.waivers, translate) if digest.waivers else ()),
        *(_exclusions(digest.exclusions, translate) if digest.exclusions else ()),
        *(_import(digest.imported, translate) if digest.imported else ()),
        *(escaped(sentence, MOST_SENTENCE) for sentence in digest.notes),
    ]
    return bounded(_head(digest, translate), body, last, translate("digest.cut"))


def _head(digest: Digest, translate: Translate) -> list[str]:
    counts = digest.findings
    findings = translate("digest.findings", high=counts["high"], medium=counts["medium"], low=counts["low"])
    coverage = translate(
        "digest.coverage",
        scanned=f"{digest.scanned:,}",
        instances=f"{digest.instances:,}",
        gaps=translate("status.gaps", count=digest.gaps),
    )
    return [
        translate(f"digest.{digest.status}", run=one_line(digest.run), profile=one_line(digest.profile)),
        f"{coverage} {translate('digest.excluded', count=digest.excluded)}" if digest.excluded else coverage,
        f"{findings} {translate('digest.waived', count=digest.waived)}" if digest.waived else findings,
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


def _import(imported: ImportSummary, translate: Translate) -> Iterator[str]:
    """What Security Hub has not accepted; nothing where it has everything."""
    if imported["why"]:
        yield f"*{translate('digest.import_ended', why=escaped(imported['why']))}*"
    if imported["problem_count"]:
        yield f"*{translate('digest.not_imported', count=imported['failed'], places=imported['problem_count'])}*"
    for problem in imported["problems"][:MOST_OF_A_KIND]:
        yield f"• {escaped(problem['account'] + '/' + problem['region'])}: {escaped(problem['why'])}"
