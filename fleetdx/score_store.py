"""The scores of the last runs that asked for the same: a small object in S3, bound to its ETag when it is written."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, cast

from fleetdx import keys
from fleetdx.bound_objects import replace
from fleetdx.reporting.score_trend import MOST_SHOWN
from fleetdx.run_models import ScorePoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.run_models import ScoreTrend, Summary
    from fleetdx.storage import Bucket

MOST_KEPT: Final = 48
"""More than are shown, so that the report of an older run that is built again shows what it showed."""
FIGURES: Final = frozenset(ScorePoint.__annotations__)
COMPARED: Final = ("scope", "regions", "tags", "checks")
"""What has to be asked for alike for two scores to be compared."""


def point_of(summary: Summary) -> ScorePoint:
    """What the next runs remember of a run; nothing in it depends on when its report is built."""
    totals = summary["totals"]
    return {
        "run": summary["run"],
        "at": summary["started_at"],
        "bundle": summary["bundle"],
        "value": summary["score"]["value"],
        "instances": totals["instances"],
        "scanned": totals["states"]["scanned"],
        "gaps": len(summary["gaps"]),
        **totals["findings"],
    }


def view_of(profile: str, request: Mapping[str, Any]) -> str:
    """A name for what a run was asked to look at; the order in which accounts or regions are named does not matter."""
    asked = {name: _in_order(request[name]) for name in COMPARED if request.get(name)}
    text = json.dumps({"profile": profile, **asked}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _in_order(value: Any) -> Any:  # noqa: ANN401 - a part of a JSON document
    if isinstance(value, dict):
        return {name: _in_order(one) for name, one in value.items()}
    return sorted(value, key=json.dumps) if isinstance(value, list) else value


def add_point(data: Bucket, view: str, point: ScorePoint) -> ScoreTrend:
    """Put a run among those of its view, in the place of what was known of it, and return the last up to it.

    Where what is there cannot be read, it stays as it is, and the answer says so.

    Raises:
        ServiceUnavailable: Others write the same object all the time.
    """
    merged = {point["run"]: point}
    unreadable = False

    def change(body: bytes | None) -> bytes | None:
        nonlocal merged, unreadable
        try:
            known = {} if body is None else _read(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            merged, unreadable = {point["run"]: point}, True
            return None
        merged, unreadable = known | {point["run"]: point}, False
        kept = [merged[run] for run in sorted(merged)][-MOST_KEPT:]
        return json.dumps({"points": kept}, ensure_ascii=False, separators=(",", ":")).encode()

    replace(data, keys.scores(view), change, f"the row of scores of {view}")
    shown = [merged[run] for run in sorted(merged) if run <= point["run"]]
    return {"points": shown[-MOST_SHOWN:], "unreadable": unreadable}


def _read(body: bytes) -> dict[str, ScorePoint]:
    points = [cast("ScorePoint", point) for point in json.loads(body)["points"]]
    if any(FIGURES - point.keys() for point in points):
        raise ValueError("a point lacks figures, so that it could not be drawn")
    return {point["run"]: point for point in points}
