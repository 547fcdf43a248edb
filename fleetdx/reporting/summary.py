"""Sum up a run: one pass over its result lines, whatever their number, into the shape of summary.json."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from fleetdx.models import LEDGER_STATES, SEVERITIES, VERDICTS
from fleetdx.reporting.gaps import find_gaps
from fleetdx.reporting.lines import InstanceKey, Ledger, Place, SeenResults, read_ledger
from fleetdx.reporting.score import ScoreTally
from fleetdx.waivers import is_waived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import Catalog, CatalogProfile, LedgerLine, LocalizedText, ResultLine, Severity, Verdict
    from fleetdx.run_models import FindingCounts, RunFacts, Stray, Summary, Target, Totals, WorstInstance, WorstItem

WORST_INSTANCES: Final = 50
"""How many instances summary.json ranks; the others are in results.jsonl."""


class UnknownProfileError(KeyError):
    """The run names a profile that its bundle's catalog does not have."""


class Tally:
    """What one pass over the result lines leaves: sums by verdict, check, place and instance."""

    def __init__(self) -> None:
        """Start at zero."""
        self.seen = SeenResults()
        self.verdicts: Counter[Verdict] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.waived: FindingCounts = no_findings()
        self.waived_at: Counter[Place] = Counter()
        self.assessed: Counter[tuple[str, str]] = Counter()
        self.severities: dict[tuple[str, str], Severity] = {}
        self.places: defaultdict[Place, FindingCounts] = defaultdict(no_findings)
        self.instances: defaultdict[InstanceKey, FindingCounts] = defaultdict(no_findings)
        self.names: dict[InstanceKey, str | None] = {}
        self.score = ScoreTally()

    def add(self, key: InstanceKey, result: ResultLine) -> None:
        """Count one result line."""
        verdict = result["verdict"]
        self.verdicts[verdict] += 1
        self.score.add(result)
        check = (result["item"], result["check"])
        if verdict in {"pass", "fail"}:
            self.assessed[check] += 1
        if verdict != "fail":
            return
        severity = result["severity"]
        if is_waived(result):
            self.waived[severity] += 1
            self.waived_at[Place(key.account, key.region)] += 1
            return
        self.failed[check] += 1
        self.severities[check] = severity
        self.places[Place(key.account, key.region)][severity] += 1
        self.instances[key][severity] += 1
        self.names[key] = result["instance_name"]


def no_findings() -> FindingCounts:
    """Return a fresh zero for every severity."""
    return {"high": 0, "medium": 0, "low": 0}


def profile_of(catalog: Catalog, profile: str) -> CatalogProfile:
    """Look the run's profile up in the catalog.

    Raises UnknownProfileError if it is not there: a report without the edition would be ambiguous.
    """
    try:
        return catalog["profiles"][profile]
    except KeyError:
        message = f"profile {profile!r} is not in the catalog of bundle {catalog['bundle']}"
        raise UnknownProfileError(message) from None


def build_summary(
    run: RunFacts,
    ledger: Iterable[LedgerLine],
    results: Iterable[ResultLine],
    catalog: Catalog,
    strays: Iterable[Stray] = (),
) -> Summary:
    """Sum up one run. Reads `results` once and keeps nothing of a line, so memory follows items and instances.

    Result lines of an instance that the ledger does not name are not counted; they are reported as strays.
    Raises UnknownProfileError and UnknownVerdictError.
    """
    profile = profile_of(catalog, run["profile"])
    subjects = read_ledger(ledger)
    tally = Tally()
    for key, result in tally.seen.first_times(results):
        if key in subjects.instances:
            tally.add(key, result)
    gaps = find_gaps(subjects, tally.seen)
    return {
        "schema": 1,
        "run": run["run"],
        "status": "incomplete" if gaps else "complete",
        "profile": run["profile"],
        "edition": profile["edition"],
        "bundle": catalog["bundle"],
        "requester": run["requester"],
        "requester_kind": run["requester_kind"],
        "started_at": run["started_at"],
        "finished_at": run["finished_at"],
        "request": run["request"],
        "gaps": gaps,
        "targets": _targets(subjects, tally),
        "totals": _totals(subjects, tally),
        "worst_items": _worst_items(tally, profile),
        "worst_instances": _worst_instances(tally),
        "strays": [*strays, *_results_without_ledger(subjects, tally)],
        "score": tally.score.score(),
    }


def _targets(ledger: Ledger, tally: Tally) -> list[Target]:
    states: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    names: dict[Place, str] = {}
    for key, line in ledger.instances.items():
        place = Place(key.account, key.region)
        states[place][line["state"]] += 1
        names[place] = line["account_name"]
    targets: list[Target] = []
    for place in sorted({*ledger.places, *states}):
        own = ledger.places.get(place)
        targets.append(
            {
                "account": place.account,
                "account_name": own["account_name"] if own else names[place],
                "region": place.region,
                "entered": own is not None and own["state"] == "scanned",
                "instances": own.get("instances") if own else None,
                "states": {state: states[place][state] for state in LEDGER_STATES},
                "findings": tally.places[place],
                "waived": tally.waived_at[place],
                "reason": own["reason"] if own else "no_ledger_line",
                "detail": own["detail"] if own else "The ledger has no line for this account and region.",
            },
        )
    return targets


def _totals(ledger: Ledger, tally: Tally) -> Totals:
    states = Counter(line["state"] for line in ledger.instances.values())
    findings = no_findings()
    for counts in tally.places.values():
        for severity in SEVERITIES:
            findings[severity] += counts[severity]
    return {
        "instances": len(ledger.instances),
        "states": {state: states[state] for state in LEDGER_STATES},
        "findings": findings,
        "waived": tally.waived,
        "verdicts": {verdict: tally.verdicts[verdict] for verdict in VERDICTS},
    }


def _worst_items(tally: Tally, profile: CatalogProfile) -> list[WorstItem]:
    """List every check that failed somewhere: by severity, then by how many instances failed."""
    titles: dict[str, LocalizedText] = {item["item"]: item["title"] for item in profile["items"]}
    worst: list[WorstItem] = [
        {
            "item": item,
            "check": check,
            "title": titles.get(item, {"en": check, "ko": check}),
            "severity": tally.severities[item, check],
            "failed": failed,
            "assessed": tally.assessed[item, check],
        }
        for (item, check), failed in tally.failed.items()
    ]
    return sorted(worst, key=lambda row: (SEVERITIES.index(row["severity"]), -row["failed"], row["item"], row["check"]))


def _worst_instances(tally: Tally) -> list[WorstInstance]:
    """List the instances with most findings, counting high ones first."""
    ranked = heapq.nsmallest(WORST_INSTANCES, tally.instances.items(), key=lambda entry: rank(entry[1], entry[0]))
    return [
        {
            "account": key.account,
            "region": key.region,
            "instance": key.instance,
            "instance_name": tally.names[key],
            "high": counts["high"],
            "medium": counts["medium"],
            "low": counts["low"],
        }
        for key, counts in ranked
    ]


def rank(counts: FindingCounts, key: InstanceKey) -> tuple[int, int, int, InstanceKey]:
    """Return a sort key that puts the instance with most findings first, high before medium before low."""
    return -counts["high"], -counts["medium"], -counts["low"], key


def is_quiet(target: Target) -> bool:
    """Whether an account-region was entered and has nothing in scope, so that a reader need not see it."""
    return target["entered"] and target["instances"] == 0 and not any(target["states"].values())


def _results_without_ledger(ledger: Ledger, tally: Tally) -> list[Stray]:
    return [
        {"key": "/".join(key), "reason": "results_without_ledger_line"}
        for key in sorted(key for key in tally.seen if key not in ledger.instances)
    ]
