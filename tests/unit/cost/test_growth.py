"""The growth model: exact where runs are exactly linear, never negative, and honest about how far it is off."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.cost.designs import CALLS_A_SECOND, inspector, machine_per_instance, polling_functions, polls_for_one
from fleetdx.cost.growth import LARGEST_BATCH, Growth, Point, Size, evenly_spread, fitted, shipped_growth
from fleetdx.cost.prices import shipped_prices
from fleetdx.cost.pricing import total
from fleetdx.cost.usage import MEASURES

SIZES = (Size(1, 1, 4), Size(10, 10, 30), Size(2, 3, 100), Size(40, 40, 120), Size(6, 11, 400))


def growth(*coefficients: int, noise: int = 0) -> Growth:
    """A model of runs that cost so much a run, account-region, batch and instance, give or take some noise."""
    points = []
    for number, size in enumerate(SIZES):
        exact = sum(one * driver for one, driver in zip(coefficients, size.drivers(), strict=True))
        points.append(Point(size, dict.fromkeys(MEASURES, Decimal(exact + noise * (-1) ** number))))
    return Growth(fitted(points), tuple(points), "2026-11-26", "a command")


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[st.integers(0, 1000)] * 4))
def test_linear_runs_are_fitted_exactly(coefficients: tuple[int, ...]) -> None:
    """The coefficients that the runs were made with come back, and the model is off by nothing."""
    model = growth(*coefficients)
    assert model.coefficients["state_transitions"] == coefficients
    assert model.largest_deviation("state_transitions") == 0


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[st.integers(0, 50)] * 4), st.integers(0, 200))
def test_no_coefficient_is_negative(coefficients: tuple[int, ...], noise: int) -> None:
    """Whatever the noise: a larger fleet never costs less."""
    assert all(value >= 0 for value in growth(*coefficients, noise=noise).coefficients["lambda_requests"])


def test_deviation_is_told() -> None:
    """The model says how far it is from its runs at most."""
    assert growth(10, 2, 3, 1, noise=3).largest_deviation("polls") > 0


def test_runs_that_are_too_alike_are_refused() -> None:
    """Without runs that differ in all four, nothing can be told apart."""
    points = [Point(Size(size, size, size), dict.fromkeys(MEASURES, Decimal(1))) for size in (1, 2, 3, 4, 5)]
    with pytest.raises(ValueError, match="too alike"):
        fitted(points)


@given(st.integers(1, 10**6), st.integers(1, 5000))
def test_a_spread_has_full_batches(instances: int, account_regions: int) -> None:
    """Each account-region with instances has a batch, none is over 50, and no batch more is made than that needs."""
    size = evenly_spread(instances, account_regions)
    assert size.batches * LARGEST_BATCH >= instances
    assert size.batches >= min(instances, account_regions)
    assert size.batches < account_regions + instances / LARGEST_BATCH + 1


@pytest.mark.parametrize(
    ("instances", "account_regions", "batches"), [(10_000, 200, 200), (51, 1, 2), (3, 8, 3), (10_001, 200, 201)]
)
def test_batches_of_known_fleets(instances: int, account_regions: int, batches: int) -> None:
    """Counted by hand."""
    assert evenly_spread(instances, account_regions).batches == batches


def test_what_ships_grows_with_batches_and_account_regions_not_with_instances() -> None:
    """Transitions and calls of a large fleet stay below six for ten instances, as the measured runs have it."""
    measures = shipped_growth().measures(evenly_spread(10_000, 200))
    for name in ("state_transitions", "control_plane_calls"):
        assert measures[name] < 6_000, name


@given(st.integers(1, 20_000))
def test_inspector_costs_its_price_an_instance(instances: int) -> None:
    """Price times instances, nothing else."""
    price = shipped_prices().price("inspector.cis_scan", "us-east-1")
    assert total(inspector(instances, "us-east-1", shipped_prices()).lines) == instances * price.usd


def test_one_function_is_paid_for_waiting() -> None:
    """It makes 20 calls a second, for each instance one to send and as many to poll as a batch of one takes."""
    model = growth(0, 0, 2, 1)
    assert polls_for_one(model) == 3
    design = polling_functions(Size(1, 20, 1000), Decimal(0), "us-east-1", model, shipped_prices())
    assert design.calls == 1000 * 4
    assert design.function_seconds == Decimal(4000) / CALLS_A_SECOND
    gb_seconds = next(line.amount for line in design.lines if line.name == "lambda.gb_second_arm")
    assert gb_seconds == design.function_seconds / 2


@pytest.mark.parametrize(("instances", "functions"), [(4_500, 1), (4_501, 2), (10_000, 3)])
def test_a_function_runs_no_longer_than_lambda_lets_it(instances: int, functions: int) -> None:
    """With 4 calls an instance and 20 a second, 4,500 instances take the 15 minutes of one function."""
    size, book = Size(1, 1, instances), shipped_prices()
    design = polling_functions(size, Decimal(0), "us-east-1", growth(0, 0, 3, 0), book)
    assert next(line.amount for line in design.lines if line.name == "lambda.request") == functions


def test_a_machine_each_pays_a_batch_for_each_instance() -> None:
    """What fleetdx pays a batch of fifty, this design pays an instance."""
    model = growth(5, 7, 11, 0)
    design = machine_per_instance(Size(2, 4, 200), Decimal(0), "us-east-1", model, shipped_prices())
    assert design.transitions == 5 + 7 * 2 + 11 * 200
