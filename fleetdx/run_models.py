"""The shapes that tell a run as a whole: its summary, what it has changed, its waivers. JSON types only."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from fleetdx.models import LedgerState, LocalizedText, RunStatus, Severity, Verdict
from fleetdx.requesters import RequesterKind

Standing = Literal["expired", "broken", "lapsing", "holds"]


class RegisterEntry(TypedDict):
    """How one entry of the register stands, with a sentence where it needs somebody."""

    id: str
    scope: dict[str, Any]
    owner: str
    standing: Standing
    sentence: str
    expires_at: str


class WaiverEntry(RegisterEntry):
    """How one waiver stands: `findings` counts what it is about in this run, whether it holds or not."""

    subject: str
    findings: int


class ExclusionEntry(RegisterEntry):
    """How one exclusion stands: `instances` counts what it is about in this run, whether it holds or not."""

    instances: int


class ExclusionSummary(TypedDict):
    """The entries of the register that exclude instances from scans; none where it cannot be read."""

    entries: list[ExclusionEntry]
    left_off: int


class Note(TypedDict):
    """What discovery had to do without, in how many account-regions, and the first of them (`ACCOUNT/REGION`)."""

    sentence: str
    account_regions: int
    first: str


class WaiverSummary(TypedDict):
    """The register as a run found it; where it is `unreadable` (a sentence) no waiver holds."""

    unreadable: str
    entries: list[WaiverEntry]
    left_off: int


class RunFacts(TypedDict):
    """What is known of a run before its ledger is read."""

    run: str
    profile: str
    requester: str
    requester_kind: RequesterKind
    started_at: str
    finished_at: str
    request: dict[str, Any]


class WhoAsked(TypedDict):
    """Who resumed or stopped a run, and how that is known; see fleetdx.requesters."""

    kind: RequesterKind
    arn: str


class Stray(TypedDict):
    """An object in the intake that no digest names; it changed no instance's state."""

    key: str
    reason: str


class Gap(TypedDict):
    """An account-region that could not be entered (instance None), or a running instance without a verified result."""

    account: str
    account_name: str
    region: str
    instance: str | None
    instance_name: str | None
    state: LedgerState
    reason: str
    detail: str


class FindingCounts(TypedDict):
    """Findings (results with verdict fail) by severity."""

    high: int
    medium: int
    low: int


class Target(TypedDict):
    """One account in one region: whether it was entered, and what its instances came to."""

    account: str
    account_name: str
    region: str
    entered: bool
    instances: int | None
    """How many EC2 reports in scope; None when the account-region was not entered."""
    states: dict[LedgerState, int]
    findings: FindingCounts
    waived: int
    reason: str
    detail: str


class Totals(TypedDict):
    """The figures of the whole run; a finding is counted in `findings` or, where somebody accepts it, in `waived`."""

    instances: int
    states: dict[LedgerState, int]
    findings: FindingCounts
    waived: FindingCounts
    verdicts: dict[Verdict, int]


class WorstItem(TypedDict):
    """A check that failed somewhere. `assessed` counts the instances that it judged: pass or fail."""

    item: str
    check: str
    title: LocalizedText
    severity: Severity
    failed: int
    assessed: int


class WorstInstance(TypedDict):
    """An instance with findings."""

    account: str
    region: str
    instance: str
    instance_name: str | None
    high: int
    medium: int
    low: int


Change = Literal["initial", "continued", "new", "fixed", "gone"]
"""`initial` is a finding of an instance that was judged for the first time, which is no news of its making; `continued`
is one of which another instance of the same Auto Scaling group was known to fail."""


class JudgedInstance(TypedDict):
    """An instance, and the profile by which it was judged."""

    account: str
    account_name: str
    region: str
    instance: str
    instance_name: str | None
    profile: str


class ChangeLine(JudgedInstance):
    """One line of changes.jsonl: a finding that is new, fixed, or gone with its instance.

    `failing_since` is the begin of the period that has begun or ended; `at` is when the change was seen. Of an instance
    in an Auto Scaling group the group's ARN is told, since when the group fails or did until then, and, where with this
    run none of its instances fails any more, when that was seen.
    """

    schema: Literal[1]
    change: Change
    item: str
    check: str
    severity: Severity
    first_seen: str
    failing_since: str
    at: str
    auto_scaling_group: NotRequired[str]
    group_failing_since: NotRequired[str]
    group_fixed_on: NotRequired[str]


class ChangeSummary(TypedDict):
    """What a run has changed: counts by change and severity, the weightiest one by one, and accounts it cannot tell."""

    counts: dict[Change, FindingCounts]
    first: list[ChangeLine]
    unreadable: list[str]


class ImportanceScore(TypedDict):
    """Assessed checks of one importance that pass and fail, waived ones left out; `value` is the share in percent."""

    weight: int
    passed: int
    failed: int
    value: float | None


class Score(TypedDict):
    """From 0 to 100, rounded down to a tenth; None where nothing was assessed. How: fleetdx/reporting/score.py."""

    value: float | None
    by_importance: dict[Severity, ImportanceScore]


class ScorePoint(FindingCounts):
    """One run in the row of runs that asked for the same; `at` is when it started."""

    run: str
    at: str
    bundle: str
    value: float | None
    instances: int
    scanned: int
    gaps: int


class ScoreTrend(TypedDict):
    """The last runs up to this one, which is the last; `unreadable` where those before it cannot be read."""

    points: list[ScorePoint]
    unreadable: bool


class PlaceImport(TypedDict):
    """What Security Hub has accepted of one account-region; `why` is a sentence where it has not accepted everything.

    `failed` counts the findings that it has not accepted: the next run tells them again.
    """

    new: int
    updated: int
    resolved: int
    failed: int
    why: str


class ImportProblem(TypedDict):
    """An account-region of which Security Hub has not accepted everything, and why."""

    account: str
    region: str
    failed: int
    why: str


class ImportSummary(TypedDict):
    """What Security Hub has accepted of a run, the first problems, and why the import ended early where it did."""

    new: int
    updated: int
    resolved: int
    failed: int
    account_regions: int
    problem_count: int
    problems: list[ImportProblem]
    why: str


class Summary(TypedDict):
    """summary.json: everything about a run that does not grow with the number of results."""

    schema: Literal[1]
    run: str
    status: RunStatus
    profile: str
    edition: str
    bundle: str
    requester: str
    requester_kind: NotRequired[RequesterKind]
    """Absent in runs of earlier versions: nobody has proven who asked for those."""
    resumed_by: NotRequired[list[WhoAsked]]
    stopped_by: NotRequired[WhoAsked]
    started_at: str
    finished_at: str
    request: dict[str, Any]
    gaps: list[Gap]
    targets: list[Target]
    totals: Totals
    worst_items: list[WorstItem]
    worst_instances: list[WorstInstance]
    strays: list[Stray]
    score: Score
    trend: NotRequired[ScoreTrend]
    changes: NotRequired[ChangeSummary]
    waivers: NotRequired[WaiverSummary]
    exclusions: NotRequired[ExclusionSummary]
    notes: NotRequired[list[Note]]
    security_hub: NotRequired[ImportSummary]
    """Only where findings are imported, from the end of the import on."""
