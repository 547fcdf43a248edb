"""Read ledger and result lines so that repeating, lateness and order change nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fleetdx.models import GAP_STATES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fleetdx.models import LedgerLine, ResultLine


class UnknownVerdictError(ValueError):
    """A result line carries a verdict outside the five known ones, so no report can be made from it."""


class Place(NamedTuple):
    """One account in one region."""

    account: str
    region: str


class InstanceKey(NamedTuple):
    """One instance; its identifier is unique in its account and region only by AWS's promise, so all three count."""

    account: str
    region: str
    instance: str


class Ledger(NamedTuple):
    """The ledger with one line a subject."""

    places: dict[Place, LedgerLine]
    instances: dict[InstanceKey, LedgerLine]


class SeenResults:
    """Lets each check of each item through once an instance, however often its result line was delivered.

    Remembers one integer an instance (a bit for each item and check), so that 10,000 instances with 67 results each
    need about a megabyte and not one key a result line.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._seen: dict[InstanceKey, int] = {}
        self._bits: defaultdict[tuple[str, str], int] = defaultdict(lambda: 1 << len(self._bits))

    def __contains__(self, key: InstanceKey) -> bool:
        """Whether any result of this instance went through."""
        return key in self._seen

    def __iter__(self) -> Iterator[InstanceKey]:
        """Yield every instance with a result."""
        return iter(self._seen)

    def first_times(self, results: Iterable[ResultLine]) -> Iterator[tuple[InstanceKey, ResultLine]]:
        """Yield each result line at its first delivery only.

        Raises UnknownVerdictError: a verdict that nobody knows must not be counted as anything.
        """
        for result in results:
            if result["verdict"] not in VERDICTS:
                message = f"unknown verdict {result['verdict']!r} for check {result['check']!r}"
                raise UnknownVerdictError(message)
            key = InstanceKey(result["account"], result["region"], result["instance"])
            bit = self._bits[result["item"], result["check"]]
            seen = self._seen.get(key, 0)
            if not seen & bit:
                self._seen[key] = seen | bit
                yield key, result


def read_ledger(lines: Iterable[LedgerLine]) -> Ledger:
    """Keep one line a subject, whatever the order of delivery.

    A line with a verified result wins, because a late failure does not undo what was verified. Of the others the
    latest counts, and of two with the same time the one that is a gap.
    """
    ledger = Ledger({}, {})
    for line in lines:
        place = Place(line["account"], line["region"])
        if line["instance"] is None:
            ledger.places[place] = _weightier(ledger.places.get(place), line)
        else:
            key = InstanceKey(*place, line["instance"])
            ledger.instances[key] = _weightier(ledger.instances.get(key), line)
    return ledger


def _weightier(known: LedgerLine | None, new: LedgerLine) -> LedgerLine:
    return new if known is None or _weight(new) > _weight(known) else known


def _weight(line: LedgerLine) -> tuple[bool, str, bool, str, str, str]:
    state = line["state"]
    # Every field that a report shows takes part, so that the order of delivery never decides.
    return state == "scanned", line["at"], state in GAP_STATES, state, line["reason"], line["detail"]
