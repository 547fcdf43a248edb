"""From what SSM and the intake say of one host to its ledger line and its result lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.digest import BadDigest, Digest, parse_digest
from fleetdx.evidence import ContradictoryResult, fits, read_result, result_lines
from fleetdx.inventory import now
from fleetdx.invocations import Failure, failure_of, ran_without_verifier, run_output
from fleetdx.ledger import Outcome, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fleetdx.inventory import InventoryInstance
    from fleetdx.invocations import RetryClass
    from fleetdx.models import CatalogProfile, ResultLine


WITH_EVIDENCE = frozenset({"verified", "ran_without_verifier"})
"""Reasons of a host whose result was read, and not only its digest."""
UNCHECKED = "It could not check who signed the bundle."
NOTHING_FITS = "Nothing that was received has the hash that its digest names."


class Expectation(NamedTuple):
    """What every host of a batch was told to run."""

    profile_name: str
    profile: CatalogProfile
    bundle: str
    """SHA-256 of what it ran: the run's bundle, or an inline part of it."""
    checks: frozenset[str]
    """The checks that it was to run; each must have a verdict and no other may."""
    absent: str = NOTHING_FITS
    """Why what a host says that it sent is not there."""


class Judged(NamedTuple):
    """What one host came to."""

    outcome: Outcome
    results: list[ResultLine]
    read: str | None
    """SHA-256 of the body that was read as this host's, believed or not."""
    retry: RetryClass | None
    """Why another attempt may help; also where verdicts came and only the evidence could not be sent."""

    @property
    def passed(self) -> bool:
        """Whether its verdicts came."""
        return self.outcome.state == "scanned"

    @property
    def has_evidence(self) -> bool:
        """Whether its result was read, and not only its digest."""
        return self.outcome.reason in WITH_EVIDENCE


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
        fetch: Reads what this host sent, by its hash; None where there is nothing or it is too large.
    """
    failure = failure_of(invocation)
    output = run_output(invocation) if invocation is not None else None
    if output is None:
        return _failed(failure or Failure("no_digest", "The step Run left no output."))
    try:
        digest = _expected_digest(output, expected)
    except BadDigest as error:
        # A host that failed later than Run is told by that failure only when its digest cannot be read either.
        return _failed(Failure("bad_digest", f"The digest cannot be believed: {error}."))
    body = fetch(digest.result)
    unchecked = invocation is not None and ran_without_verifier(invocation)
    if body is None or not fits(body, digest):
        why = (failure.detail if failure else expected.absent) + (f" {UNCHECKED}" if unchecked else "")
        outcome = Outcome("scanned", "evidence_not_received", f"Its verdicts came over SSM. {why}")
        lines = result_lines(place, instance, digest, None, expected.profile, now())
        retry = failure.retry if failure and failure.retry == "network" else None
        return Judged(outcome, lines, None, retry)
    try:
        results = read_result(body, digest)
    except ContradictoryResult as error:
        contradiction = Failure("result_contradicts_digest", f"It cannot be believed: {error}.")
        return _failed(contradiction)._replace(read=digest.result)
    lines = result_lines(place, instance, digest, results, expected.profile, now())
    detail = "Its result has the hash that SSM authenticates."
    outcome = Outcome("scanned", "verified", detail)
    if unchecked:
        outcome = Outcome("scanned", "ran_without_verifier", f"{detail} {UNCHECKED}")
    return Judged(outcome, lines, digest.result, None)


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
    return Judged(outcome, [], None, failure.retry)
