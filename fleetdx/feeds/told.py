"""What the feed of changes has told of an account: what no history keeps, and without which it would repeat itself.

A history keeps the findings of checks (fleetdx.history). Kept here are the gaps of the scan or, of sweeps, the causes
of not being managed, which findings were waived, and what was looked at last. Pure functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from fleetdx.feeds.changes import known_findings, state_after
from fleetdx.feeds.looked import Looked
from fleetdx.feeds.models import GAPS, FindingKey
from fleetdx.history import FindingState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.feeds.models import Compared
    from fleetdx.history import InstanceHistory


class AccountState(TypedDict):
    """One object of `feeds/` or `coverage/feeds/`; keys of its dictionaries are parts joined by slashes.

    `places` says of a region whether it was seen whole, `instances` (region/id) the state (of sweeps: the cause) and
    the reason of the last line, `waived` and `gaps` (region/id/item/check) what was waived, and the findings of the
    scan or the sweep itself. The account is in no key.
    """

    schema: Literal[1]
    run: str
    at: str
    bundle: str | None
    places: dict[str, bool]
    instances: dict[str, tuple[str, str]]
    waived: list[str]
    gaps: dict[str, FindingState]


class Earlier(NamedTuple):
    """What was known of an account before a run, as a comparison takes it."""

    findings: dict[FindingKey, FindingState]
    looked: Looked | None
    waived: frozenset[FindingKey] | None


def earlier_of(
    account: str, state: AccountState | None, histories: Iterable[InstanceHistory], looks_now: Looked
) -> Earlier:
    """What was known, without what was told to be gone: that is told once, however long a history keeps it."""
    findings = known_findings(histories, looks_now.profile)
    if state is None:
        return Earlier(findings, None, None)
    findings |= {_key(account, name): gap for name, gap in state["gaps"].items()}
    looked = _looked(account, state, looks_now)
    alive = {key: one for key, one in findings.items() if looked.fate_of(key) != "gone"}
    return Earlier(alive, looked, frozenset(_key(account, name) for name in state["waived"]))


class Following:
    """Follows what is told of an account, for the state after the run."""

    def __init__(self, earlier: Earlier, before: AccountState | None) -> None:
        """Begin with what was told before."""
        self._earlier = earlier
        self._before = before
        self._gaps = dict(before["gaps"]) if before else {}
        self._waived = set(before["waived"]) if before else set()
        self._gone: set[str] = set()

    def see(self, compared: Compared) -> Compared:
        """Take notice of a comparison."""
        key = compared.observation.key
        name = "/".join(key[1:])
        if compared.kind == "gone":
            self._gone.add(key.region)
        if key.item in GAPS:
            state = state_after(self._earlier.findings.get(key), compared)
            if state is None:
                self._gaps.pop(name, None)
            else:
                self._gaps[name] = state
        if compared.observation.waiver is not None:
            self._waived.add(name)
        elif compared.kind == "gone" or compared.observation.verdict is not None:
            self._waived.discard(name)
        return compared

    def after(self, account: str, looked: Looked) -> AccountState:
        """The state after a run that looked at this.

        A run of some checks, tags or instances leaves what was looked at before as it is: it says nothing about the
        rest.
        """
        before = self._before
        is_narrow = _is_narrow(looked)
        if is_narrow:
            places, instances = (before["places"], before["instances"]) if before else ({}, {})
        else:
            places, instances = _seen(account, looked, before)
            # A region that is gone with its account was seen whole and is empty, so that it is not told again.
            places |= {region: True for region in self._gone if region not in places}
        return {
            "schema": 1,
            "run": looked.run,
            "at": looked.at,
            "bundle": before["bundle"] if is_narrow and before else looked.bundle,
            "places": places,
            "instances": instances,
            "waived": sorted(self._waived),
            "gaps": dict(sorted(self._gaps.items())),
        }


def _key(account: str, name: str) -> FindingKey:
    region, instance, item, check = name.split("/", 3)
    return FindingKey(account, region, instance, item, check)


def _looked(account: str, state: AccountState, looks_now: Looked) -> Looked:
    return Looked(
        looks_now.source,
        state["run"],
        looks_now.profile,
        state["at"],
        state["bundle"],
        {(account, region): is_whole for region, is_whole in state["places"].items()},
        {(account, *_place(name)): (told[0], told[1]) for name, told in state["instances"].items()},
        # What is not in `places` was not asked for, as far as anybody knows.
        {"scope": {"accounts": [account]}},
    )


def _place(name: str) -> tuple[str, str]:
    region, _, instance = name.partition("/")
    return region, instance


def _is_narrow(looked: Looked) -> bool:
    return any(looked.request.get(name) for name in ("checks", "tags")) or "instances" in looked.request["scope"]


def _seen(
    account: str, looked: Looked, before: AccountState | None
) -> tuple[dict[str, bool], dict[str, tuple[str, str]]]:
    """What a run saw, over what was seen before in regions that it was not asked for."""
    places = {region: whole for (of, region), whole in looked.places.items() if of == account}
    instances = {
        f"{region}/{instance}": told for (of, region, instance), told in looked.instances.items() if of == account
    }
    if before is None:
        return places, instances
    regions = frozenset(looked.request.get("regions") or before["places"])
    kept = {region: whole for region, whole in before["places"].items() if region not in regions}
    others = {name: told for name, told in before["instances"].items() if _place(name)[0] in kept}
    return kept | places, others | instances
