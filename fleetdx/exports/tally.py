"""What one pass over the results leaves for the sheets that follow: counts by check and by importance."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, Literal

from fleetdx.waivers import is_waived

if TYPE_CHECKING:
    from fleetdx.models import CatalogProfile, ResultLine, Severity, Verdict

Outcome = Literal["pass", "fail", "waived", "manual", "not_applicable", "error"]
"""A verdict; of a finding that somebody accepts, that it is waived, since it does not count as one."""

OUTCOMES: Final[tuple[Outcome, ...]] = ("pass", "fail", "waived", "manual", "not_applicable", "error")


class Tally:
    """Counts of outcomes; a result is one check of one item on one instance.

    Attributes:
        checks: By item and check.
        importance: By importance.
    """

    def __init__(self) -> None:
        self.checks: defaultdict[tuple[str, str], Counter[Outcome]] = defaultdict(Counter)
        self.importance: defaultdict[Severity, Counter[Outcome]] = defaultdict(Counter)

    def add(self, result: ResultLine) -> None:
        """Count one result."""
        verdict: Verdict = result["verdict"]
        outcome: Outcome = "waived" if is_waived(result) else verdict
        self.checks[result["item"], result["check"]][outcome] += 1
        self.importance[result["severity"]][outcome] += 1

    def in_order(self, profile: CatalogProfile) -> list[tuple[str, str]]:
        """Every item and check in the profile's order, then what the profile does not have; a check may be empty."""
        planned = [(item["item"], check) for item in profile["items"] for check in item["checks"] or [""]]
        return planned + sorted(set(self.checks) - set(planned))
