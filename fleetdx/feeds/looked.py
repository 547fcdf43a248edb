"""What a run or a sweep looked at: without it, nobody could tell an instance that is gone from one not asked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from fleetdx.feeds.models import GAPS, NO_INSTANCE, SWEEP_ITEM, FindingKey, Source
from fleetdx.feeds.observations import CHECKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fleetdx.coverage.models import CoverageLine
    from fleetdx.models import LedgerLine

Place = tuple[str, str]
"""Account and region."""
Fate = Literal["not_asked", "gone", "not_judged"]
"""What became of a finding that nothing was observed of."""

SCANNED: Final = "scanned"
GONE_REASONS = frozenset({"instance_not_found"})
"""Reasons of ledger lines that mean: EC2 does not have the instance any more."""


class Looked(NamedTuple):
    """What was looked at.

    Attributes:
        source: `scan` of a run, `sweep` of a sweep: neither says anything about the other's findings.
        run: Id of the run or the sweep.
        profile: Of a run; empty of a sweep.
        at: When it ended (RFC 3339).
        bundle: SHA-256 of the scanner; None of a sweep.
        places: Account-regions that were asked for, and whether each was seen whole.
        instances: By account, region and id the state or cause that was told, and its reason.
        request: As it was asked, with `scope` and, where given, `regions`, `tags` and `checks`.
    """

    source: Source
    run: str
    profile: str
    at: str
    bundle: str | None
    places: Mapping[Place, bool]
    instances: Mapping[tuple[str, str, str], tuple[str, str]]
    request: Mapping[str, Any]

    def fate_of(self, key: FindingKey) -> Fate:
        """What became of a finding of which nothing was observed."""
        place = (key.account, key.region)
        if not self._is_asked(key):
            return "not_asked"
        if place not in self.places:
            return "gone" if self._reaches(key.region) else "not_asked"
        if not self.places[place]:
            return "not_judged"
        told = self.instances.get((*place, key.instance))
        if told is None:
            return "not_asked" if self.request.get("tags") or "instances" in self.request["scope"] else "gone"
        state, reason = told
        return "gone" if state == "excluded" or reason in GONE_REASONS else "not_judged"

    def left_out(self, key: FindingKey) -> bool:
        """Whether this was asked for, and its place or its instance could not be looked at."""
        place = (key.account, key.region)
        if not self._is_asked(key) or place not in self.places:
            return False
        if key.item in GAPS and (key.instance == NO_INSTANCE or (*place, key.instance) in self.instances):
            return False  # that it could not be looked at is what the line itself tells
        state, _ = self.instances.get((*place, key.instance), ("", ""))
        return not self.places[place] or (self.source == "scan" and state not in {"", SCANNED})

    def scanned_with(self, key: FindingKey) -> str | None:
        """The bundle with which the instance was scanned for this check, whether it has it or not; None where not."""
        state, _ = self.instances.get((key.account, key.region, key.instance), ("", ""))
        return self.bundle if self._is_asked(key) and state == SCANNED else None

    def _is_asked(self, key: FindingKey) -> bool:
        if (key.item == SWEEP_ITEM) != (self.source == "sweep"):
            return False
        wanted = self.request.get("checks")
        return not wanted or key.item in wanted or key.check in wanted

    def _reaches(self, region: str) -> bool:
        """Whether an account-region of this region would have been told, had it been in the organization."""
        regions = self.request.get("regions")
        return "organization" in self.request["scope"] and (not regions or region in regions)


def by_run(run: str, profile: str, at: str, request: Mapping[str, Any], lines: Iterable[LedgerLine]) -> Looked:
    """What a run looked at, by its whole ledger.

    An account-region of which the ledger names fewer instances than EC2 reports was not seen whole.
    """
    places: dict[Place, int | None] = {}
    instances: dict[tuple[str, str, str], tuple[str, str]] = {}
    bundle: str | None = None
    for line in lines:
        bundle = bundle or line["bundle"]
        place = (line["account"], line["region"])
        if line["instance"] is None:
            places[place] = line.get("instances") if line["state"] == SCANNED else None
        else:
            instances[(*place, line["instance"])] = (line["state"], line["reason"])
    return _looked("scan", (run, profile, at, bundle), request, places, instances)


def by_sweep(sweep: str, at: str, request: Mapping[str, Any], lines: Iterable[CoverageLine]) -> Looked:
    """What a sweep looked at, by all its lines; see `by_run`."""
    places: dict[Place, int | None] = {}
    instances: dict[tuple[str, str, str], tuple[str, str]] = {}
    for line in lines:
        place = (line["account"], line["region"])
        if line["instance"] is None:
            places[place] = line["instances"] if line["reason"] == CHECKED else None
        else:
            instances[(*place, line["instance"])] = (line["cause"] or "", line["reason"])
    return _looked("sweep", (sweep, "", at, None), request, places, instances)


def _looked(
    source: Source,
    facts: tuple[str, str, str, str | None],
    request: Mapping[str, Any],
    places: Mapping[Place, int | None],
    instances: Mapping[tuple[str, str, str], tuple[str, str]],
) -> Looked:
    named = Counter((account, region) for account, region, _ in instances)
    whole = {place: count is not None and named[place] >= count for place, count in places.items()}
    return Looked(source, *facts, whole, instances, request)
