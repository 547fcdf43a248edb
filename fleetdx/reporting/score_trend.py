"""The scores of the last runs as bars; every length is in the drawing's own units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fleetdx.run_models import ScorePoint

MOST_SHOWN: Final = 12
"""So many runs, the last ones."""
STEP: Final = 30
"""From one bar to the next: a figure such as 100.0 has room above its bar."""
GAP: Final = 8
HEIGHT: Final = 80
"""Of a bar for 100."""
HEADROOM: Final = 14
"""For the figure above a bar."""
FOOTROOM: Final = 14
"""For the month and day below a bar."""
LOWEST: Final = 1.0
"""A score of 0 is drawn so high, so that the run is seen to have been."""


@dataclass(frozen=True)
class ScoreBar:
    """One run; from the left and from the top. A run in which nothing was assessed has no height."""

    point: ScorePoint
    left: float
    top: float
    height: float

    @property
    def is_partial(self) -> bool:
        """Whether the run had gaps, so that the score is not of everything."""
        return self.point["gaps"] > 0

    @property
    def middle(self) -> float:
        """Where its figure stands."""
        return self.left + (STEP - GAP) / 2


class ScoreChart:
    """The bars, the oldest run first; the scale is always 0 to 100, so that small changes look small."""

    bar_width: Final = STEP - GAP
    height: Final = HEADROOM + HEIGHT + FOOTROOM
    floor: Final = HEADROOM + HEIGHT

    def __init__(self, points: list[ScorePoint]) -> None:
        """Draw them; few runs are drawn as narrow as many would be."""
        self.points = points
        self.width: int = STEP * max(len(points), MOST_SHOWN)
        self.bars: list[ScoreBar] = [_bar(place, point) for place, point in enumerate(points)]

    @property
    def has_partial(self) -> bool:
        """Whether one of the runs had gaps."""
        return any(bar.is_partial for bar in self.bars)


def _bar(place: int, point: ScorePoint) -> ScoreBar:
    value = point["value"]
    height = 0.0 if value is None else max(LOWEST, round(HEIGHT * value / 100, 1))
    return ScoreBar(point, place * STEP + GAP / 2, round(HEADROOM + HEIGHT - height, 1), height)
