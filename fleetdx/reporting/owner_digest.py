"""The message to an owner about a run: what the central one tells, of the owner's accounts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.models import SEVERITIES
from fleetdx.reporting.digest import Digest, message
from fleetdx.reporting.messages import translator
from fleetdx.reporting.slack_text import escaped
from fleetdx.reporting.summary import no_findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.models import Language
    from fleetdx.run_models import ChangeSummary, RegisterEntry, Summary

MOST_ACCOUNTS: Final = 8
"""How many accounts the last line names."""


def owner_digest(
    summary: Summary, accounts: frozenset[str], changes: ChangeSummary, is_about: Callable[[RegisterEntry], bool]
) -> Digest:
    """What is told of some accounts of a run.

    Args:
        summary: The run's summary.
        accounts: The owner's accounts.
        changes: What has changed in them.
        is_about: Whether an entry of the register concerns them.
    """
    targets = [target for target in summary["targets"] if target["account"] in accounts]
    gaps = sum(gap["account"] in accounts for gap in summary["gaps"])
    findings = no_findings()
    for target in targets:
        for severity in SEVERITIES:
            findings[severity] += target["findings"][severity]
    waivers, exclusions = summary.get("waivers"), summary.get("exclusions")
    return Digest(
        summary["run"],
        summary["profile"],
        "incomplete" if gaps else "complete",
        sum(sum(target["states"].values()) for target in targets),
        sum(target["states"]["scanned"] for target in targets),
        sum(target["states"]["excluded"] for target in targets),
        gaps,
        findings,
        sum(target["waived"] for target in targets),
        changes if "changes" in summary else None,
        {**waivers, "entries": [one for one in waivers["entries"] if is_about(one)]} if waivers else None,
        {**exclusions, "entries": [one for one in exclusions["entries"] if is_about(one)]} if exclusions else None,
    )


def owner_text(digest: Digest, summary: Summary, accounts: frozenset[str], language: Language) -> str:
    """The message, in Slack's mrkdwn; its last line names the accounts that it is about."""
    translate = translator(language)
    names = {
        target["account"]: target["account_name"] for target in summary["targets"] if target["account"] in accounts
    }
    told = [f"{escaped(names[account])} {account}" for account in sorted(names)]
    listed = ", ".join(told[:MOST_ACCOUNTS])
    more = f", {translate('digest.more', count=len(told) - MOST_ACCOUNTS)}" if len(told) > MOST_ACCOUNTS else ""
    return message(digest, translate("digest.owned", accounts=f"{listed}{more}"), translate)
