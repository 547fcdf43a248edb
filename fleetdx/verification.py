"""From what SSM and the intake say of one host to its ledger line and its result lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.digest import BadDigest, Digest, parse_digest
from fleetdx.evidence import ContradictoryResult, fits, read_result, result_lines
from fleetdx.inventory import now
from fleetdx.invocations import Failure, failure_of, run_output
from fleetdx.ledger import Outcome, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fleetdx.inventory import InventoryInstance
    from fleetdx.models import CatalogProfile, ResultLine


class Expectation(NamedTuple):
    """What every host of a batch was told to run."""

    profile_name: str
    profile: CatalogProfile
    bundle: str
    checks: frozenset[str]
    """The checks selected; each must have a verdict and no other may."""


class Judged(NamedTuple):
    """What one host came to."""

    outcome: Outcome
    results: list[ResultLine]
    read: str | None
    """SHA-256 of the intake object that was read as this host's, believed or not."""
    retryable: bool


def judge(
    place: Place,
    instance: InventoryInstance,
    invocation: Mapping[str, Any] | None,
    expected: Expectation,
    fetch: Callable[[str], bytes | None],
) -> Judged:
    """Decide one host's ledger state and results.

    Args:
        place: The run and account-region.
        instance: The host.
        invocation: SSM's account of the command on it.
        expected: What it was told to run.
        fetch: Reads this host's intake object by its hash; None where there is none or it is too large.
    """
    failure = failure_of(invocation)
    output = run_output(invocation) if invocation is not None else None
    if output is None:
        return _failed(failure or Failure("no_digest", "The step Run left no output.", retryable=False))
    try:
        digest = _expected_digest(output, expected)
    except BadDigest as error:
        # A host that failed later than Run is told by that failure only when its digest cannot be read either.
        return _failed(Failure("bad_digest", f"The digest cannot be believed: {error}.", retryable=False))
    body = fetch(digest.result)
    if body is None or not fits(body, digest):
        why = failure.detail if failure else "No object in the intake has the hash that its digest names."
        outcome = Outcome("scanned", "evidence_not_received", f"Its verdicts came over SSM. {why}")
        return Judged(outcome, result_lines(place, instance, digest, None, expected.profile, now()), None, False)  # noqa: FBT003
    try:
        results = read_result(body, digest)
    except ContradictoryResult as error:
        contradiction = Failure("result_contradicts_digest", f"It cannot be believed: {error}.", retryable=False)
        return _failed(contradiction)._replace(read=digest.result)
    lines = result_lines(place, instance, digest, results, expected.profile, now())
    outcome = Outcome("scanned", "verified", "Its result has the hash that SSM authenticates.")
    return Judged(outcome, lines, digest.result, retryable=False)


def _expected_digest(output: str, expected: Expectation) -> Digest:
    digest = parse_digest(output, expected.profile["checks"])
    if digest.profile != expected.profile_name:
        raise BadDigest(f"it is of profile {digest.profile}, not {expected.profile_name}")
    if digest.bundle != expected.bundle:
        raise BadDigest("it is of another bundle")
    if set(digest.verdicts) != expected.checks:
        raise BadDigest("it leaves out checks that were asked for, or has others")
    return digest


def _failed(failure: Failure) -> Judged:
    outcome = Outcome("scan_failed", failure.reason, failure.detail)
    return Judged(outcome, [], None, failure.retryable)
