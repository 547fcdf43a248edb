"""Find what a run missed, and refuse to believe a ledger that does not add up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fleetdx.models import GAP_STATES
from fleetdx.reporting.lines import Ledger, Place, SeenResults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.models import LedgerLine
    from fleetdx.run_models import Gap


def find_gaps(ledger: Ledger, results: SeenResults) -> list[Gap]:
    """List the gaps: account-regions first, then instances, each in the order of account and region.

    A gap is an account-region that could not be entered, or a running in-scope instance without a verified result that
    is neither excluded nor unsupported. Two contradictions count as gaps as well, since a run that cannot explain
    itself must not say "complete": fewer instances in the ledger than EC2 reports, and `scanned` without a result.
    """
    found = [*_places(ledger), *_instances(ledger, results)]
    return sorted(found, key=_order)


def _places(ledger: Ledger) -> Iterator[Gap]:
    counts = Counter(Place(key.account, key.region) for key in ledger.instances)
    for place, line in ledger.places.items():
        reported = line.get("instances")
        if line["state"] in GAP_STATES:
            yield _gap(line)
        elif reported is not None and reported > counts[place]:
            detail = f"EC2 reports {reported} instances in scope, but the ledger names {counts[place]}."
            yield {**_gap(line), "state": "scan_failed", "reason": "instances_unaccounted", "detail": detail}
    for line in _first_of_each_unnamed_place(ledger):
        detail = "The ledger names instances here, but does not say that this account and region was entered."
        yield {
            **_gap(line),
            "instance": None,
            "instance_name": None,
            "state": "scan_failed",
            "reason": "no_ledger_line",
            "detail": detail,
        }


def _first_of_each_unnamed_place(ledger: Ledger) -> Iterator[LedgerLine]:
    done: set[Place] = set()
    for key, line in ledger.instances.items():
        place = Place(key.account, key.region)
        if place not in ledger.places and place not in done:
            done.add(place)
            yield line


def _instances(ledger: Ledger, results: SeenResults) -> Iterator[Gap]:
    for key, line in ledger.instances.items():
        if line["state"] in GAP_STATES:
            yield _gap(line)
        elif line["state"] == "scanned" and key not in results:
            detail = "The ledger says scanned, but there is no result line of this instance."
            yield {**_gap(line), "state": "scan_failed", "reason": "no_results", "detail": detail}


def _gap(line: LedgerLine) -> Gap:
    return {
        "account": line["account"],
        "account_name": line["account_name"],
        "region": line["region"],
        "instance": line["instance"],
        "instance_name": line["instance_name"],
        "state": line["state"],
        "reason": line["reason"],
        "detail": line["detail"],
    }


def _order(gap: Gap) -> tuple[bool, str, str, str]:
    return gap["instance"] is not None, gap["account"], gap["region"], gap["instance"] or ""
