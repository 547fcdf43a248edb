"""The register of exemptions and waivers as it stands now: whether it can be read, and how each entry stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from console.reading.moments import told
from fleetdx import keys
from fleetdx.configuration import MalformedDocument, report_only
from fleetdx.errors import RecordMissing
from fleetdx.exemptions import read_exemptions
from fleetdx.operator_documents import read_register
from fleetdx.standings import standing_of
from fleetdx.waivers import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.context import Context
    from fleetdx.exemptions import Exemption

STATUS: Final = {"holds": "in_force", "lapsing": "lapses_soon", "expired": "expired", "broken": "broken"}
MOST_RUNS: Final = 10


def document(context: Context) -> dict[str, Any]:
    """Every entry of the register, those that need somebody first; none where it cannot be read."""
    deployment = context.deployment
    problem = _problem(context)
    ssm = deployment.session.client("ssm")
    entries, maximum_days, _ = read_register(ssm, deployment.events.configuration, deployment.data)
    rules = Rules(maximum_days or report_only().maximum_days, dt.datetime.now(dt.UTC), lambda _: frozenset())
    matches = _matches(context)
    found = [_entry(entry, rules, matches) for entry in ([] if problem else entries)]
    order = ("expired", "broken", "lapses_soon", "in_force")
    found.sort(key=lambda entry: (order.index(entry["status"]), entry["expires_at"], entry["id"]))
    return {"valid": problem is None, "problem": problem, "entries": found}


def _problem(context: Context) -> dict[str, str] | None:
    """What is wrong with the register; nothing is where there is none."""
    try:
        read_exemptions(context.deployment.data.get(keys.EXEMPTIONS))
    except RecordMissing:
        return None
    except MalformedDocument as malformed:
        return {"pointer": malformed.fault.pointer, "message": malformed.fault.sentence}
    return None


def _entry(entry: Exemption, rules: Rules, matches: Mapping[str, int]) -> dict[str, Any]:
    standing, sentence = standing_of(entry, rules)
    seconds = (entry.expires_at - rules.now).total_seconds()
    return {
        **entry._asdict(),
        "approved_at": told(entry.approved_at),
        "expires_at": told(entry.expires_at),
        "status": STATUS[standing],
        "sentence": sentence,
        "days_left": int(seconds // 86_400),
        "matches": matches.get(entry.id),
    }


def _matches(context: Context) -> dict[str, int]:
    """How many findings of the newest run that told it each waiver is about."""
    data = context.deployment.data
    names = sorted((name for name in data.directory(keys.RUNS).names if keys.RUN_PATTERN.fullmatch(name)), reverse=True)
    for run in names[:MOST_RUNS]:
        try:
            summary = data.get_json(keys.out(run, "summary.json"))
        except RecordMissing:
            continue
        return {entry["id"]: entry["findings"] for entry in summary.get("waivers", {}).get("entries", [])}
    return {}
