"""What a scan would be over and what it would take, before it is started: from what earlier runs and sweeps have seen.

Nothing is asked of members for it. What is not known is null, and a note says why.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.cost.estimate import estimate_fleet
from fleetdx.cost.growth import LARGEST_BATCH, Size, shipped_growth
from fleetdx.cost.prices import PriceUnknown, shipped_prices
from fleetdx.cost.pricing import is_verified, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Place = tuple[str, str]
"""Account and region."""
OTHER_PRICES: Final = "us-east-1"
SIMILAR: Final = 2
"""A run is of similar size where it had at least half and at most twice as many instances."""


class Seen(NamedTuple):
    """What one run or sweep has seen: `places` has the instances to scan of each account-region that was looked at."""

    name: str
    kind: str
    places: Mapping[Place, int]


class Past(NamedTuple):
    """A run that has ended: its size, and how many minutes it took."""

    account_regions: int
    instances: int
    minutes: float


class Wanted(NamedTuple):
    """What a request is over.

    Attributes:
        places: Its account-regions that can be entered.
        named: How many instances it names; None where it names none.
        has_tags: Whether it asks for tags, which no record tells of.
    """

    places: frozenset[Place]
    named: int | None
    has_tags: bool


def estimate(
    wanted: Wanted, seen: Iterable[Seen], past: Sequence[Past], home_region: str, language: str = "en"
) -> dict[str, Any]:
    """The whole estimate.

    Args:
        wanted: What the request is over.
        seen: What runs and sweeps have seen, the newest first.
        past: Runs that have ended.
        home_region: Where the buckets are, and whose prices hold.
        language: Of the notes.
    """
    say = _speaker(language)
    notes: list[str] = []
    counts, sources = counted(wanted.places, seen)
    places = {place: counts.get(place, 0) for place in wanted.places}
    if wanted.named is not None:
        size: Size | None = Size(
            len(places), min(wanted.named, max(len(places), -(-wanted.named // LARGEST_BATCH))), wanted.named
        )
        source = say("named")
    elif counts:
        size = Size(len(places), sum(-(-count // LARGEST_BATCH) for count in places.values()), sum(places.values()))
        source = "; ".join(sources)
        if missing := len(wanted.places) - len(counts):
            notes.append(say("unseen", missing))
    else:
        size, source = None, say("nothing_seen")
    if wanted.has_tags and wanted.named is None:
        notes.append(say("tags"))
    minutes = duration(size.instances, past) if size else None
    if minutes is None:
        notes.append(say("no_pace"))
    cost = _cost(size, places, home_region, notes, say) if size else None
    return {
        "instances": size.instances if size else None,
        "instances_from": source,
        "batches": size.batches if size else None,
        "account_regions": len(places),
        "minutes": minutes,
        "cost_usd": cost,
        "notes": notes,
    }


def counted(places: frozenset[Place], seen: Iterable[Seen]) -> tuple[dict[Place, int], list[str]]:
    """The instances of each account-region by the newest record that looked at it; and which records these are."""
    counts: dict[Place, int] = {}
    sources: list[str] = []
    for record in seen:
        new = {place: count for place, count in record.places.items() if place in places and place not in counts}
        if new:
            counts |= new
            sources.append(f"{record.kind} {record.name}")
        if len(counts) == len(places):
            break
    return counts, sources


def duration(instances: int, past: Sequence[Past]) -> dict[str, float] | None:
    """Minutes that a scan of so many instances takes, as a range; None where no run tells.

    Runs of similar size tell it; else a smaller one how long it takes at least, and a larger one how long at most. Of a
    size beyond all runs, the most is what it would take if nothing went on at the same time.
    """
    similar = [
        one.minutes for one in past if instances <= one.instances * SIMILAR and one.instances <= instances * SIMILAR
    ]
    if similar:
        return _range(min(similar), max(similar))
    smaller = [one for one in past if one.instances < instances]
    larger = [one for one in past if one.instances > instances]
    if not smaller and not larger:
        return None
    low = (
        max(one.minutes for one in smaller)
        if smaller
        else min(one.minutes * instances / one.instances for one in larger)
    )
    if larger:
        return _range(low, max(low, min(one.minutes for one in larger)))
    high = min(one.minutes * instances / max(1, one.instances) for one in smaller)
    return _range(low, max(low, high))


def _range(low: float, high: float) -> dict[str, float]:
    return {"low": round(low, 1), "high": round(high, 1)}


def _cost(size: Size, places: Mapping[Place, int], home: str, notes: list[str], say: Callable[..., str]) -> float:
    away = sum(count for (_, region), count in places.items() if region != home)
    known = sum(places.values())
    elsewhere = (
        Decimal(away) / known if known else Decimal(sum(region != home for _, region in places)) / max(1, len(places))
    )
    try:
        found = estimate_fleet(size, elsewhere, home, shipped_growth(), shipped_prices())
    except PriceUnknown:
        found = estimate_fleet(size, elsewhere, OTHER_PRICES, shipped_growth(), shipped_prices())
        notes.append(say("other_prices", home))
    if not is_verified(found.lines):
        notes.append(say("unverified"))
    return round(float(total(found.lines)), 4)


SENTENCES: Final = {
    "named": ("the request names them", "요청에 지정한 인스턴스"),
    "nothing_seen": (
        "unknown: no run and no coverage sweep has looked there yet",
        "알 수 없음: 이 범위를 살펴본 실행이나 커버리지 조사가 아직 없습니다",
    ),
    "unseen": (
        "{} of the account-regions were not looked at yet; their instances are not counted.",
        "아직 살펴보지 않은 계정-리전이 {}곳 있어 그곳의 인스턴스는 세지 않았습니다.",
    ),
    "tags": (
        "Which instances carry the tags is known only when they are looked at; there may be fewer.",
        "태그가 맞는 인스턴스는 실제로 살펴봐야 알 수 있으므로 대상이 더 적을 수 있습니다.",
    ),
    "no_pace": (
        "How long it takes is not known: no run of a size to compare has ended here.",
        "비교할 만한 규모의 실행이 아직 끝난 적이 없어 걸리는 시간을 알 수 없습니다.",
    ),
    "other_prices": (
        "Prices of {} are not known; those of us-east-1 are taken.",
        "{}의 가격을 알 수 없어 us-east-1의 가격으로 계산했습니다.",
    ),
    "unverified": (
        "Some prices were not read on a page of AWS itself.",
        "일부 가격은 AWS의 공식 페이지에서 확인하지 못했습니다.",
    ),
}


def _speaker(language: str) -> Callable[..., str]:
    number = 1 if language == "ko" else 0
    return lambda name, *values: SENTENCES[name][number].format(*values)
