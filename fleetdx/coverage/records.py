"""The records of a sweep in the data bucket: what its account-regions left, and the sweep before."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypedDict

from fleetdx import keys
from fleetdx.coverage.changes import key_of
from fleetdx.coverage.control import control_of, not_joined
from fleetdx.coverage.lines import Place, target_line
from fleetdx.coverage.models import TrendPoint
from fleetdx.coverage.requests import view_of
from fleetdx.errors import RecordMissing
from fleetdx.failures import outcome_of

if TYPE_CHECKING:
    from fleetdx.coverage.changes import Key
    from fleetdx.coverage.control import CheckedInstance, ControlFindings
    from fleetdx.coverage.models import CoverageLine
    from fleetdx.coverage.requests import CoverageRequest
    from fleetdx.events import OpenedSweep, SweepTarget
    from fleetdx.failures import CaughtError
    from fleetdx.storage import Bucket


class Trend(TypedDict):
    """The row of sweeps that looked at the same, the oldest first."""

    points: list[TrendPoint]


class SweepRecords:
    """Everything that a sweep has written, read once."""

    def __init__(self, data: Bucket, opened: OpenedSweep) -> None:
        self._data = data
        self._opened = opened
        self.request: CoverageRequest = data.get_json(keys.coverage_request(opened["sweep"]))["request"]

    def findings(self, failure: CaughtError | None) -> dict[str, ControlFindings]:
        """What Security Hub was asked, by region; where nothing was recorded, the failure says why."""
        why = outcome_of(failure).detail if failure else "It was not asked"
        found: dict[str, ControlFindings] = {}
        for region in self.request["regions"]:
            try:
                found[region] = self._data.get_json(keys.control_findings(self._opened["sweep"], region))
            except RecordMissing:
                found[region] = not_joined(region, why)
        return found

    def lines(self, findings: dict[str, ControlFindings], failure: CaughtError | None) -> list[CoverageLine]:
        """Every line of the sweep, joined with Security Hub, in the order of account, region and instance.

        An account-region that left nothing is told with the error that ended it; an end of the whole, with that.
        """
        sweep = self._opened["sweep"]
        moment = dt.datetime.now(dt.UTC)
        found: list[CoverageLine] = []
        seen: set[tuple[str, str]] = set()
        for stored in self._data.keys(f"{keys.coverage_prefix(sweep)}parts/"):
            for entry in self._data.get_lines(stored.key):
                checked: CheckedInstance = entry  # type: ignore[assignment]  # written by CheckCoverage
                line = checked["line"]
                seen.add((line["account"], line["region"]))
                if line["instance"] is not None and line["region"] in findings:
                    line["control"] = control_of(checked, findings[line["region"]], moment)
                found.append(line)
        targets: list[SweepTarget] = self._data.get_json(keys.coverage_targets(sweep))
        found += [
            self._lost(target, failure) for target in targets if (target["account"], target["region"]) not in seen
        ]
        return sorted(found, key=key_of)

    def _lost(self, target: SweepTarget, failure: CaughtError | None) -> CoverageLine:
        sweep, account, region = self._opened["sweep"], target["account"], target["region"]
        try:
            own: CaughtError | None = self._data.get_json(keys.coverage_failure(sweep, account, region))
        except RecordMissing:
            own = failure
        outcome = outcome_of(own)
        place = Place(sweep, account, target["account_name"], region, self._opened["started_at"])
        return target_line(place, None, outcome.reason, outcome.detail)

    def trend(self) -> list[TrendPoint]:
        """The sweeps before this one that looked at the same scope and regions."""
        try:
            trend: Trend = self._data.get_json(keys.coverage_trend(view_of(self.request)))
        except RecordMissing:
            return []
        # A function that is called again finds its own sweep, and one that was slow finds later ones.
        return [point for point in trend["points"] if point["sweep"] < self._opened["sweep"]]

    def lines_of(self, sweep: str | None) -> dict[Key, CoverageLine]:
        """The lines of an earlier sweep; none where there is none, or it is gone."""
        if sweep is None:
            return {}
        try:
            lines = self._data.get_lines(keys.coverage_out(sweep, "coverage.jsonl"))
        except RecordMissing:
            return {}
        found: list[CoverageLine] = lines  # type: ignore[assignment]  # lines that we wrote
        return {key_of(line): line for line in found}

    def remember(self, points: list[TrendPoint]) -> None:
        """Let the next sweep find this one, unless a later one has ended before it."""
        key = keys.coverage_trend(view_of(self.request))
        try:
            known: Trend = self._data.get_json(key)
            later = [point for point in known["points"] if point["sweep"] > self._opened["sweep"]]
        except RecordMissing:
            later = []
        self._data.put_json(key, {"points": [*points, *later]})
