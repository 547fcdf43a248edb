"""The row of sweeps as bars: how many running instances were unmanaged in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fleetdx.coverage.models import TrendPoint

HEIGHT: Final = 100
STEP: Final = 10
"""From one bar to the next, in the drawing's own units, as are all lengths here."""

GAP: Final = 2
LOWEST: Final = 1.5
"""A bar of nothing is drawn so high, so that a sweep without unmanaged instances is seen to have been."""

FEWEST_BARS: Final = 12
"""Few sweeps are drawn as narrow as many would be."""


@dataclass(frozen=True)
class Bar:
    """One sweep; from the left and from the top."""

    point: TrendPoint
    left: float
    top: float
    width: float
    height: float

    @property
    def is_partial(self) -> bool:
        """Whether account-regions could not be looked at, so that there may have been more."""
        return self.point["not_checked"] > 0


class Trend:
    """The bars, the oldest sweep first, and what a sentence says of them."""

    def __init__(self, points: list[TrendPoint]) -> None:
        """Draw them; the highest is as high as the drawing."""
        self.points = points
        self.most: int = max((point["unmanaged"] for point in points), default=0)
        self.width: int = STEP * max(len(points), FEWEST_BARS)
        self.height: int = HEIGHT
        self.bars: list[Bar] = [self._bar(place, point) for place, point in enumerate(points)]

    @property
    def is_one_sweep(self) -> bool:
        """Whether there is nothing to compare yet."""
        return len(self.points) < 2  # noqa: PLR2004  a row begins with two

    def _bar(self, place: int, point: TrendPoint) -> Bar:
        height = max(LOWEST, round(HEIGHT * point["unmanaged"] / self.most, 2)) if self.most else LOWEST
        return Bar(point, place * STEP + GAP / 2, round(HEIGHT - height, 2), STEP - GAP, height)
