"""Result and ledger lines of a small fleet, with the catalog of its checks, as feeds read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fleetdx.feeds.changes import compare, state_after
from fleetdx.feeds.looked import by_run
from fleetdx.feeds.observations import of_ledger, of_result
from fleetdx.feeds.wording import Words
from tests.fakes.ec2 import instance_id

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from fleetdx.feeds.models import Compared, FindingKey
    from fleetdx.history import FindingState
    from fleetdx.models import (
        Catalog,
        CatalogItem,
        CatalogProfile,
        LedgerLine,
        LocalizedText,
        ResultLine,
        Verdict,
        Waiver,
    )

RUN: Final = "20261123T021500Z-3fa9c1"
AT, LATER, LATER_STILL = "2026-11-23T02:17:41Z", "2026-11-24T02:17:41Z", "2026-11-25T02:17:41Z"
ACCOUNT, OTHER_ACCOUNT, SEOUL, TOKYO = "111122223333", "444455556666", "ap-northeast-2", "ap-northeast-1"
PROFILE: Final = "kisa_unix_2026"
BUNDLE: Final = "ab" * 32
CHECKS: Final = {"U-01": "root_ssh_login_denied", "U-18": "shadow_file_protected"}
WHOLE: Final = {"scope": {"organization": True}, "regions": [SEOUL, TOKYO]}

WAIVER: Final[Waiver] = {
    "id": "W-1",
    "owner": "team-a",
    "approver": "security",
    "reason": "It is replaced in January.",
    "ticket": "SEC-1",
    "expires_at": "2027-01-31T00:00:00Z",
}


def catalog() -> Catalog:
    """Two items with one check each."""
    items: list[CatalogItem] = [
        {"item": item, "importance": "high", "title": both(f"Item {item}", f"항목 {item}"), "checks": [check]}
        for item, check in CHECKS.items()
    ]
    profile: CatalogProfile = {
        "title": both("KISA guide, UNIX servers, 2026", "KISA 가이드 UNIX 서버 2026"),
        "edition": "KISA 2026",
        "items_in_edition": 67,
        "items": items,
        "checks": list(CHECKS.values()),
    }
    checks = {
        check: {
            "title": both(f"State of {check}", f"{check} 상태"),
            "category": "files",
            "severity": "high",
            "rationale": both("It matters.", "중요합니다."),
            "remediation": both("Do it.", "조치합니다."),
        }
        for check in CHECKS.values()
    }
    return {"schema": 1, "bundle": BUNDLE, "profiles": {PROFILE: profile}, "checks": checks}


def both(english: str, korean: str) -> LocalizedText:
    """The same in two languages."""
    return {"en": english, "ko": korean}


def words() -> Words:
    """The wording of the two checks."""
    return Words(catalog(), PROFILE)


def result(number: int = 1, verdict: Verdict = "fail", item: str = "U-01", **changes: Any) -> ResultLine:
    """What a check found on an instance."""
    made: dict[str, Any] = {
        "schema": 1, "run": RUN, "account": ACCOUNT, "account_name": "trading", "region": SEOUL,
        "instance": instance_id(number), "instance_name": f"web-{number}", "ami": "ami-0a1b2c3d4e5f60718",
        "profile": PROFILE, "bundle": BUNDLE, "at": AT, "item": item, "check": CHECKS.get(item, "some_check"),
        "severity": "high", "verdict": verdict, "reason": "PermitRootLogin is yes.",
        "evidence": ["/etc/ssh/sshd_config:3: PermitRootLogin yes"], "duration_ms": 40,
    }  # fmt: skip
    return {**made, **changes}


def instance_line(number: int = 1, state: str = "scanned", reason: str = "verified", **changes: Any) -> LedgerLine:
    """What became of an instance."""
    made: dict[str, Any] = {
        "schema": 1, "kind": "instance", "run": RUN, "account": ACCOUNT, "account_name": "trading", "region": SEOUL,
        "instance": instance_id(number), "instance_name": f"web-{number}", "ami": "ami-0a1b2c3d4e5f60718",
        "platform": "Linux", "state": state, "reason": reason, "detail": "The detail.", "profile": PROFILE,
        "bundle": BUNDLE, "at": AT,
    }  # fmt: skip
    return {**made, **changes}


def place_line(instances: int | None = 1, **changes: Any) -> LedgerLine:
    """That an account-region was entered; with None, that it could not be."""
    state, reason = ("scanned", "entered") if instances is not None else ("scan_failed", "role_not_assumable")
    nothing = {"instance": None, "instance_name": None, "ami": None, "platform": None}
    return instance_line(0, state, reason, kind="account_region", **{**nothing, "instances": instances, **changes})


def compared(
    results: Iterable[ResultLine] = (),
    ledger: Iterable[LedgerLine] = (),
    earlier: Mapping[FindingKey, FindingState] | None = None,
    request: Mapping[str, Any] = WHOLE,
    before: Iterable[LedgerLine] | None = None,
    waived_before: Container[FindingKey] | None = None,
) -> list[Compared]:
    """A run's results held against what was known, its ledger for what it looked at, and that of the run before."""
    looked = by_run(RUN, PROFILE, LATER, request, list(ledger))
    looked_before = None if before is None else by_run("earlier", PROFILE, AT, request, list(before))
    return list(compare(earlier or {}, map(of_result, results), looked, looked_before, waived_before))


def gaps(ledger: Iterable[LedgerLine], earlier: Mapping[FindingKey, FindingState] | None = None) -> list[Compared]:
    """The lines of a ledger as findings of their own."""
    lines = list(ledger)
    return list(compare(earlier or {}, map(of_ledger, lines), by_run(RUN, PROFILE, LATER, WHOLE, lines)))


def known_after(
    found: Iterable[Compared], before: Mapping[FindingKey, FindingState] | None = None
) -> dict[FindingKey, FindingState]:
    """What is kept after a comparison with what was known before."""
    known = before or {}
    states = {each.observation.key: state_after(known.get(each.observation.key), each) for each in found}
    return {key: state for key, state in ({**known, **states}).items() if state is not None}


def state(verdict: Verdict = "fail", since: str | None = AT, first: str = "2026-11-01T00:00:00Z") -> FindingState:
    """What is known of a finding."""
    fixed_on = None if since else AT
    return {"verdict": verdict, "severity": "high", "first_seen": first, "failing_since": since, "fixed_on": fixed_on}
