"""The message to Slack about a sweep: what is news, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.coverage.models import CAUSES, QUIET_CAUSES
from fleetdx.coverage.texts import cause_title, has_several_reasons, reason_text
from fleetdx.reporting.slack_text import MOST_PLACE, bounded, escaped
from fleetdx.reporting.text import clip, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.coverage.models import Cause, Change, Changes, CoverageSummary

MOST_OF_A_KIND: Final = 8
CUT: Final = "… and more, on the page."


def digest_text(summary: CoverageSummary, place: str) -> str | None:
    """The message, in Slack's mrkdwn; None where nothing is news. Of a first sweep the totals are.

    Args:
        summary: The sweep's summary.
        place: Where the page is; the last line names it.
    """
    changes = summary["changes"]
    if changes["since"] is not None and not _is_news(changes):
        return None
    body = _first_sweep(summary) if changes["since"] is None else _changes(changes)
    return bounded(_head(summary), body, f"Page: {one_line(clip(place, MOST_PLACE).text)}", CUT)


def _is_news(changes: Changes) -> bool:
    """Whether anything but the end of instances changed."""
    counts = changes["newly_unmanaged_count"] + changes["managed_again_count"] + changes["other_cause_count"]
    return bool(counts or changes["places_lost"])


def _head(summary: CoverageSummary) -> list[str]:
    totals = summary["totals"]
    since = summary["changes"]["since"]
    compared = f", compared with `{one_line(since)}`" if since else ", the first sweep"
    managed = f"*{totals['managed']:,} of {totals['running']:,}* running instances are managed"
    head = [
        f"fleetdx coverage `{one_line(summary['sweep'])}` is *{summary['status']}*{compared}.",
        f"{managed}, {totals['unmanaged']:,} need somebody.",
    ]
    not_checked = sum(not target["checked"] for target in summary["targets"])
    return [*head, *([f"{_places(not_checked)} could not be looked at."] if not_checked else [])]


def _first_sweep(summary: CoverageSummary) -> Iterator[str]:
    counts = summary["totals"]["causes"]
    loud = [cause for cause in CAUSES if cause not in QUIET_CAUSES and counts[cause]]
    for cause in sorted(loud, key=lambda cause: -counts[cause]):
        yield f"• {cause_title(cause, 'en')}: {counts[cause]:,}"


def _changes(changes: Changes) -> Iterator[str]:
    yield from _kind("newly unmanaged", changes["newly_unmanaged"], changes["newly_unmanaged_count"])
    yield from _kind("with another cause", changes["other_cause"], changes["other_cause_count"])
    yield from _lost(changes["places_lost"])
    yield from _kind("managed again", changes["managed_again"], changes["managed_again_count"])
    if changes["gone_count"]:
        yield f"{changes['gone_count']:,} unmanaged before and terminated since."


def _kind(title: str, shown: list[Change], count: int) -> Iterator[str]:
    if count:
        yield f"*{count:,} {title}*"
        yield from map(_told, shown[:MOST_OF_A_KIND])
        yield from _rest(count - len(shown[:MOST_OF_A_KIND]))


def _told(change: Change) -> str:
    name = f" {escaped(change['instance_name'])}" if change["instance_name"] else ""
    where = f"{escaped(change['account_name'])} {escaped(_place(change))}"
    after = "terminated" if change["after"] is None else _cause(change["after"], change["reason"])
    before = "" if change["before"] is None else f", was: {cause_title(change['before'], 'en')}"
    return f"• {escaped(change['instance'])}{name} in {where}: {after}{before}"


def _place(change: Change) -> str:
    return f"{change['account']}/{change['region']}"


def _cause(cause: Cause, reason: str) -> str:
    title = cause_title(cause, "en")
    if cause in QUIET_CAUSES or not has_several_reasons(cause):
        return title
    return f"{title} ({reason_text(cause, reason, 'en').title})"


def _lost(places: list[str]) -> Iterator[str]:
    if places:
        yield f"*{_places(len(places))} could be looked at before, and not now*"
        yield from (f"• {escaped(place)}" for place in places[:MOST_OF_A_KIND])
        yield from _rest(len(places) - MOST_OF_A_KIND)


def _rest(count: int) -> Iterator[str]:
    if count > 0:
        yield f"• and {count:,} more"


def _places(count: int) -> str:
    return f"{count:,} account-region{'' if count == 1 else 's'}"
