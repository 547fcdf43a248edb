"""The shapes that the feeds share: what a finding is known by, what was seen of it, and how it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from fleetdx.models import LocalizedText, Severity, Verdict, Waiver

PRODUCT_NAME: Final = "fleetdx"
PRODUCT_VERSION: Final = "0.1.0"
"""Of pyproject.toml; a zip in Lambda has no metadata to read it from, so a test holds the two together."""

NO_INSTANCE: Final = "-"
"""Stands in a key for the instance of what is about an account in a region."""

SCAN_ITEM: Final = "scan"
SWEEP_ITEM: Final = "SSM.1"
"""Security Hub's control that a sweep explains: EC2 instances should be managed by AWS Systems Manager."""

GAPS: Final = frozenset({SCAN_ITEM, SWEEP_ITEM})
"""The items of what was not looked at; no history keeps their findings."""

INSTANCE_SCANNED: Final = "instance_scanned"
PLACE_ENTERED: Final = "account_region_entered"
INSTANCE_MANAGED: Final = "instance_managed"
PLACE_CHECKED: Final = "account_region_checked"

Source = Literal["check", "scan", "sweep"]
"""Who tells it: a check on a host, the ledger of a run, or a sweep of coverage."""

ChangeKind = Literal["new", "still_failing", "fixed", "gone", "no_longer_judged"]
CLOSED: Final[frozenset[ChangeKind]] = frozenset({"fixed", "gone"})


class FindingKey(NamedTuple):
    """What a finding is known by from run to run: identifiers of AWS and of the profile, never a name."""

    account: str
    region: str
    instance: str
    item: str
    check: str


class Observation(NamedTuple):
    """What one line of a run or a sweep says about one key.

    Attributes:
        key: What it is about.
        source: Who tells it.
        verdict: None where nothing was judged.
        severity: Of the check; None where no line told it.
        reason: A code, or a check's own sentence.
        detail: One sentence for a person; empty where the reason is one.
        evidence: Lines that the verdict rests on.
        control_status: What Security Hub's SSM.1 says of the instance; only of sweeps.
        account_name: For people; it may be anything.
        instance_name: The same.
        ami: Id of the image.
        run: Id of the run or the sweep.
        profile: Of a run; empty of a sweep.
        bundle: SHA-256 of the scanner.
        at: When it was seen (RFC 3339).
        first_seen: When it failed first, where the line says so.
        failing_since: The begin of its failing period, where the line says so.
        waiver: Who accepts the finding until when, where somebody does.
    """

    key: FindingKey
    source: Source
    verdict: Verdict | None
    severity: Severity | None
    reason: str
    detail: str
    evidence: list[str]
    control_status: str | None
    account_name: str
    instance_name: str | None
    ami: str | None
    run: str
    profile: str
    bundle: str | None
    at: str
    first_seen: str | None = None
    failing_since: str | None = None
    waiver: Waiver | None = None


class Compared(NamedTuple):
    """An observation held against what was known before.

    Attributes:
        observation: What is known now.
        kind: How it changed; None where it does not fail and did not before.
        is_news: Whether a feed of changes tells it.
        first_seen: When it failed first; None where it never did.
        failing_since: Since when it is or, where it is closed now, had been open; else None.
    """

    observation: Observation
    kind: ChangeKind | None
    is_news: bool
    first_seen: str | None
    failing_since: str | None


class Wording(NamedTuple):
    """What is said about a key, whatever was observed.

    Attributes:
        title: The item's, in one line.
        check_title: The check's; states the compliant state.
        rationale: Why it matters.
        remedy: What to do.
        standard: What asks for it.
        category: A group of checks.
        severity: Of the check.
    """

    title: LocalizedText
    check_title: LocalizedText
    rationale: LocalizedText
    remedy: LocalizedText
    standard: LocalizedText
    category: str
    severity: Severity
