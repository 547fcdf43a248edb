"""A synthetic organization and its plan of faults: the same for the same seed, uneven, and exact to the instance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from emulator.hosts.materialize import MaterializedHost
from emulator.synthetic.fleet import pace_seconds
from emulator.synthetic.organization import Size, generate, shares
from emulator.synthetic.plan import NOTHING_WRONG, FaultMix, draw

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.hosts.organization import Organization


@pytest.fixture
def organization(tmp_path: Path) -> Organization:
    hosts = [MaterializedHost(name, "Linux", "1", "image", {}, tmp_path, tmp_path) for name in ("one", "other")]
    return generate(Size(2_000, 50), hosts)


def test_a_few_account_regions_hold_most(organization: Organization) -> None:
    """Of 200 account-regions ten hold more than half of the fleet; every instance has an id of its own."""
    places = Counter((one.account_id, one.region) for one in organization.instances)
    assert len(organization.instances) == len({one.instance_id for one in organization.instances}) == 2_000
    assert sum(count for _, count in places.most_common(10)) > 1_000
    assert Counter(one.host for one in organization.instances)["other"] > 900


@pytest.mark.parametrize("total", [0, 1, 7, 100, 10_000])
def test_rounding_loses_no_instance(total: int) -> None:
    """Shares add up to what was to be shared, the largest first."""
    counts = shares(total, 200)
    assert sum(counts) == total
    assert counts[0] == max(counts)
    assert min(counts) >= 0


def test_an_organization_needs_a_management_and_a_central_account() -> None:
    """Fewer than two accounts, or more regions than there are, are refused."""
    for size in (Size(1, 1), Size(1, 2, 0), Size(1, 2, 5)):
        with pytest.raises(ValueError, match="at least 2 accounts"):
            generate(size, [])


def test_a_plan_has_the_shares_that_were_asked_for(organization: Organization) -> None:
    """Shares are of what a scan reaches, and the same seed draws the same instances."""
    plan, again = draw(FaultMix(), organization), draw(FaultMix(), organization)
    assert plan == again != draw(FaultMix(seed=2), organization)
    reached = sum(plan.is_reached(one) for one in organization.instances)
    wrongs = Counter(plan.wrongs.values())
    assert wrongs["terminated_before_delivery"] == wrongs["scanner_hangs"] == round(reached * 0.01)
    assert (len(plan.accounts_denying), len(plan.regions_off)) == (2, 1)
    assert organization.hub.id not in plan.accounts_denying
    assert organization.regions[0] not in plan.regions_off


def test_the_expected_ledger_names_everything_once(organization: Organization) -> None:
    """Every account-region has a line, and every instance that is reached; what is denied has no instances."""
    plan = draw(FaultMix(), organization)
    ledger = plan.ledger(organization)
    reached = [one.instance_id for one in organization.instances if plan.is_reached(one)]
    assert set(reached) == {name for name in ledger if name.startswith("i-")}
    assert len(ledger) - len(reached) == 200
    states = Counter(ledger.values())
    assert states["scan_failed", "role_not_assumable"] == 2 * 4
    assert states["scan_failed", "denied_by_service_control_policy"] == 50 - 2


def test_hosts_without_a_path_to_s3_are_drawn_like_others(organization: Organization) -> None:
    """A share of the fleet may have a closed network; by itself it has none."""
    plan = draw(NOTHING_WRONG._replace(closed=0.1), organization)
    assert Counter(plan.wrongs.values()) == {"no_path_to_s3": round(len(organization.instances) * 0.1)}
    assert "no_path_to_s3" not in draw(FaultMix(), organization).wrongs.values()


def test_nothing_wrong_means_nothing(organization: Organization) -> None:
    """Without shares there is neither a rule nor a wrong, and every instance is verified."""
    plan = draw(NOTHING_WRONG, organization)
    assert (plan.rules(), plan.wrongs, plan.strays()) == ([], {}, 0)
    assert {verdict for name, verdict in plan.ledger(organization).items() if name.startswith("i-")} == {
        ("scanned", "verified")
    }


def test_paces_are_an_instances_own() -> None:
    """The same seed gives an instance the same pace; half of many are above the median."""
    paces = [pace_seconds(1, f"i-{number}") for number in range(1_000)]
    assert paces[0] == pace_seconds(1, "i-0") != pace_seconds(2, "i-0")
    assert 440 < sum(pace > 20 for pace in paces) < 560
    assert 3 < min(paces) < max(paces) < 120
