"""What is said about each kind of finding, in English and Korean: from the catalog, reasons.json and causes.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.coverage.texts import all_texts
from fleetdx.feeds.models import INSTANCE_MANAGED, INSTANCE_SCANNED, PLACE_CHECKED, PLACE_ENTERED, Wording
from fleetdx.feeds.observations import GAP_SEVERITY
from fleetdx.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.feeds.models import Observation
    from fleetdx.models import Catalog, CatalogItem, CatalogProfile, LocalizedText, Severity

NOTHING: Final[LocalizedText] = {"en": "", "ko": ""}
PRODUCT: Final[LocalizedText] = {"en": "fleetdx: coverage of the scan", "ko": "fleetdx 점검 범위"}
SECURITY_HUB: Final[LocalizedText] = {
    "en": "AWS Foundational Security Best Practices: SSM.1",
    "ko": "AWS 기초 보안 모범 사례: SSM.1",
}
TITLES: Final[Mapping[str, LocalizedText]] = {
    INSTANCE_SCANNED: {"en": "The instance was scanned", "ko": "인스턴스 점검 여부"},
    PLACE_ENTERED: {"en": "The account and region were entered", "ko": "계정·리전 점검 가능 여부"},
    INSTANCE_MANAGED: {"en": "Systems Manager manages the instance", "ko": "Systems Manager의 인스턴스 관리 여부"},
    PLACE_CHECKED: {"en": "The sweep looked at the account and region", "ko": "계정·리전의 관리 현황 조사 여부"},
}


class Words:
    """The wording of the checks of one profile, and of gaps; each is put together once."""

    def __init__(self, catalog: Catalog, profile: str) -> None:
        self._checks = catalog["checks"]
        self._profile: CatalogProfile | None = catalog["profiles"].get(profile)
        items = self._profile["items"] if self._profile else []
        self._items: dict[str, CatalogItem] = {item["item"]: item for item in items}
        self._known: dict[tuple[str, str, str], Wording] = {}

    def of(self, observation: Observation) -> Wording:
        """What is said about what was observed.

        A check that the catalog does not know is told by its name, as what an older bundle left.
        """
        key = observation.key
        # A check's wording does not depend on its reason, which is a host's own sentence.
        reason = "" if observation.source == "check" else observation.reason
        found = self._known.get((key.item, key.check, reason))
        if found is None:
            found = self._of_check(key.item, key.check) if observation.source == "check" else _of_gap(observation)
            self._known[key.item, key.check, reason] = found
        return found

    def _of_check(self, item: str, check: str) -> Wording:
        known = self._checks.get(check, {})
        named: LocalizedText = {"en": check, "ko": check}
        entry = self._items.get(item)
        own: LocalizedText = known.get("title", named)
        title = entry["title"] if entry else own
        # An item with several checks would give an instance several findings of one title.
        is_one_of_several = entry is not None and len(entry["checks"]) > 1
        severity: Severity = known.get("severity", "medium")
        return Wording(
            {
                "en": f"{item} {title['en']}" + (f": {own['en']}" if is_one_of_several else ""),
                "ko": f"{item} {title['ko']}" + (f": {own['ko']}" if is_one_of_several else ""),
            },
            own,
            known.get("rationale", NOTHING),
            known.get("remediation", NOTHING),
            self._profile["title"] if self._profile else NOTHING,
            known.get("category", ""),
            severity,
        )


def _of_gap(observation: Observation) -> Wording:
    title = TITLES[observation.key.check]
    standard = PRODUCT if observation.source == "scan" else SECURITY_HUB
    why, remedy = _reason_texts(observation.reason)
    return Wording(title, title, why, remedy, standard, "coverage", GAP_SEVERITY)


def _reason_texts(reason: str) -> tuple[LocalizedText, LocalizedText]:
    cause, is_cause, code = reason.partition("/")
    if is_cause:
        known = {str(name): texts for name, texts in all_texts()["causes"].items()}.get(cause)
        told = known["reasons"].get(code) if known else None
        return (told["title"], told["remedy"]) if told else (NOTHING, NOTHING)
    entry = reasons().get(reason)
    return (entry["cause"], entry["remedy"]) if entry else (NOTHING, NOTHING)
