"""Everything that the executions of a run have written, read back as one ledger and one stream of results."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fleetdx import keys
from fleetdx.errors import RecordMissing
from fleetdx.failures import CaughtError, outcome_of
from fleetdx.ledger import Outcome, Place, merge, target_line, unrecorded_lines
from fleetdx.resumption import attempts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fleetdx.inventory import Inventory
    from fleetdx.models import LedgerLine, ResultLine
    from fleetdx.run_models import Stray
    from fleetdx.storage import Bucket

LOST = Outcome("scan_failed", "target_not_summarized", "Its execution ended without closing this account-region.")
NO_TARGETS = ("000000000000", "(organization)", "(all)")


class RunRecords:
    """What one run has left in the data bucket.

    Attributes:
        data: The data bucket.
        run: The run.
        profile: Its profile.
        bundle: Its bundle.
    """

    def __init__(self, data: Bucket, run: str, profile: str, bundle: str) -> None:
        self.data = data
        self.run = run
        self.profile = profile
        self.bundle = bundle

    def targets(self) -> list[dict[str, str]]:
        """The account-regions that were to be entered; none where they could not even be listed."""
        try:
            return cast("list[dict[str, str]]", self.data.get_json(keys.targets(self.run)))
        except RecordMissing:
            return []

    def ledger(self, failure: CaughtError | None, opening: int = 0) -> list[LedgerLine]:
        """The whole ledger: what was written, and a line for whatever was not.

        Args:
            failure: What stopped scan_fleet before or during its Map, if anything did.
            opening: The opening of the run in which that is asked.
        """
        written = self._lines(keys.ledger_prefix(self.run))
        closed = {(line["account"], line["region"]) for line in written if line["kind"] == "account_region"}
        targets = self.targets()
        lost = [target for target in targets if (target["account"], target["region"]) not in closed]
        unsent = self._unsent(opening) if lost else {}
        for target in lost:
            told = unsent.get(keys.place(target["account"], target["region"]))
            written += self._lost_lines(target, written, told or (LOST if failure is None else outcome_of(failure)))
        if failure is not None and not targets:
            place = Place(self.run, *NO_TARGETS, self.profile, self.bundle)
            written.append(target_line(place, outcome_of(failure), None))
        return merge(written)

    def _lost_lines(self, target: dict[str, str], written: list[LedgerLine], outcome: Outcome) -> list[LedgerLine]:
        account, region = target["account"], target["region"]
        place = Place(self.run, account, target["account_name"], region, self.profile, self.bundle)
        inventory = self.inventory(account, region)
        if inventory is None:
            return [target_line(place, outcome, None)]
        recorded = {
            line["instance"]
            for line in written
            if (line["account"], line["region"]) == (account, region) and line["instance"]
        }
        return [
            target_line(place, outcome, len(inventory["instances"])),
            *unrecorded_lines(place, inventory, recorded, outcome),
        ]

    def _unsent(self, opening: int) -> dict[str, Outcome]:
        """Why SelectWave sent nothing to account-regions, by their names."""
        try:
            found = self.data.get_json(keys.unsent(self.run, opening))
        except RecordMissing:
            return {}
        return {place: Outcome("scan_failed", one["reason"], one["detail"]) for place, one in found.items()}

    def ledger_of(self, account: str, region: str) -> list[LedgerLine]:
        """What was written so far of one account-region."""
        return self._lines(keys.ledger_part(self.run, account, region, "").removesuffix(".jsonl"))

    def _lines(self, prefix: str) -> list[LedgerLine]:
        """Ledger lines; those of batches come last, in the order of attempts: `merge` prefers what comes later."""
        parts = [stored.key for stored in self.data.keys(prefix)]
        parts.sort(key=lambda key: (key.rpartition("/")[2][:1].isdecimal(), key))
        return [cast("LedgerLine", line) for key in parts for line in self.data.get_lines(key)]

    def inventory(self, account: str, region: str) -> Inventory | None:
        """The inventory of one account-region; None where it was not entered."""
        try:
            inventory: Inventory = self.data.get_json(keys.inventory(self.run, account, region))
        except RecordMissing:
            return None
        return inventory

    def attempts(self, account: str, region: str) -> Mapping[int, int]:
        """How many attempts of each batch of an account-region were recorded."""
        prefix = keys.ledger_part(self.run, account, region, "").removesuffix(".jsonl")
        return attempts_of(stored.key.removeprefix(prefix) for stored in self.data.keys(prefix))

    def inventories(self) -> Iterator[Inventory]:
        """The inventory of each account-region that was entered."""
        for stored in self.data.keys(f"{keys.run_prefix(self.run)}inventory/"):
            yield self.data.get_json(stored.key)

    def results(self) -> Iterator[ResultLine]:
        """Every result line, account-region by account-region, without holding them in memory together."""
        for target in self.targets():
            prefix = keys.results_prefix(self.run, target["account"], target["region"])
            for stored in self.data.keys(prefix):
                yield from cast("list[ResultLine]", self.data.get_lines(stored.key))

    def strays(self) -> list[Stray]:
        """What lay in the intake without belonging to anybody."""
        return [
            stray
            for stored in self.data.keys(f"{keys.run_prefix(self.run)}strays/")
            for stray in self.data.get_json(stored.key)
        ]
