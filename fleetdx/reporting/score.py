"""The score of a run: one figure from 0 to 100 for how much of what was judged is as it should be.

It is the share of assessed checks that pass, where a check of high importance counts three times, one of medium
importance twice and one of low importance once. KISA's guide says what is 상, 중 and 하; the weights are our choice.
Assessed is what came to pass or fail; a waived failure counts neither way. What was not scanned is not in it: a score
is read with the gaps beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.models import SEVERITIES
from fleetdx.waivers import is_waived

if TYPE_CHECKING:
    from fleetdx.models import ResultLine, Severity
    from fleetdx.run_models import ImportanceScore, Score

WEIGHTS: Final[dict[Severity, int]] = {"high": 3, "medium": 2, "low": 1}


class ScoreTally:
    """Counts the checks that take part, by importance."""

    def __init__(self) -> None:
        """Start at zero."""
        self._passed: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
        self._failed: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)

    def add(self, result: ResultLine) -> None:
        """Count one result line, if it takes part."""
        if result["verdict"] == "pass":
            self._passed[result["severity"]] += 1
        elif result["verdict"] == "fail" and not is_waived(result):
            self._failed[result["severity"]] += 1

    def score(self) -> Score:
        """The score with what it is made of."""
        passed = sum(WEIGHTS[severity] * self._passed[severity] for severity in SEVERITIES)
        failed = sum(WEIGHTS[severity] * self._failed[severity] for severity in SEVERITIES)
        return {
            "value": percentage(passed, passed + failed),
            "by_importance": {one: self._of(one) for one in SEVERITIES},
        }

    def _of(self, severity: Severity) -> ImportanceScore:
        passed, failed = self._passed[severity], self._failed[severity]
        value = percentage(passed, passed + failed)
        return {"weight": WEIGHTS[severity], "passed": passed, "failed": failed, "value": value}


def percentage(part: int, whole: int) -> float | None:
    """A share in percent, rounded down to a tenth, so that 100 says that nothing failed; None of nothing."""
    return (1000 * part // whole) / 10 if whole else None
