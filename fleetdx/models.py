"""The shapes that cross rooms: ledger lines, result lines, the catalog and the summary of a run.

Plain typed dictionaries, because each of them is a JSON document or a line of one; what is read from outside is
checked against a JSON Schema at the edge, and these types describe it from there on. All times are UTC, RFC 3339
with a trailing Z. Account numbers are strings of 12 digits.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NotRequired, TypedDict, get_args

Verdict = Literal["pass", "fail", "manual", "not_applicable", "error"]
"""The outcome of one check, in XCCDF's words; `manual` means that a person has to judge."""

LedgerState = Literal["scanned", "scan_failed", "not_managed", "stopped", "unsupported", "excluded"]
"""The one state in which an in-scope instance ends a run."""

LedgerKind = Literal["instance", "account_region"]
Severity = Literal["high", "medium", "low"]
Platform = Literal["Linux", "Windows"]
RunStatus = Literal["complete", "incomplete"]
Language = Literal["en", "ko"]
Delivery = Literal["s3", "inline"]
"""How a bundle reaches a host and its result comes back: by way of S3, or inside the command and its output."""

SCHEMA_VERSION: Final = 1
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
LEDGER_STATES: Final[tuple[LedgerState, ...]] = get_args(LedgerState)
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

GAP_STATES: Final[frozenset[LedgerState]] = frozenset({"scan_failed", "not_managed"})
"""States that make a run incomplete. A stopped, unsupported or excluded instance is accounted for without a scan."""

VERDICT_LETTERS: Final[dict[Verdict, str]] = {
    "pass": "p",
    "fail": "f",
    "manual": "m",
    "not_applicable": "n",
    "error": "e",
}
"""One letter a check in the digest line, in the profile's order."""

VERDICT_OF_LETTER: Final[dict[str, Verdict]] = {letter: verdict for verdict, letter in VERDICT_LETTERS.items()}
WORST_VERDICT_FIRST: Final[tuple[Verdict, ...]] = ("fail", "error", "manual", "pass", "not_applicable")
"""An item with several checks takes the first of these that any of its checks came to."""

NOT_SELECTED: Final = "-"
"""The digest's letter for a check of the profile that the request did not select; it has no result line."""


class LocalizedText(TypedDict):
    """The same sentence in English and in Korean."""

    en: str
    ko: str


class LedgerLine(TypedDict):
    """What became of one instance, or of one account in one region; every key is always present."""

    schema: Literal[1]
    kind: LedgerKind
    run: str
    account: str
    account_name: str
    region: str
    instance: str | None
    instance_name: str | None
    ami: str | None
    platform: Platform | None
    state: LedgerState
    reason: str
    """A code in snake_case, stable enough to count by."""
    detail: str
    """One sentence for a person."""
    profile: str
    bundle: str | None
    at: str
    delivery: Delivery | None
    """How its result came; None where none did."""
    instances: NotRequired[int | None]
    """Only on `account_region` lines: how many instances EC2 reports in scope; None when not entered."""


class Waiver(TypedDict):
    """By which entry of the register a finding is accepted; `expires_at` is UTC, RFC 3339."""

    id: str
    owner: str
    approver: str
    reason: str
    ticket: str
    expires_at: str


class WaiverEntry(TypedDict):
    """How one waiver stands: `findings` counts what it is about in this run, whether it holds or not."""

    id: str
    subject: str
    scope: dict[str, Any]
    owner: str
    standing: Literal["expired", "broken", "lapsing", "holds"]
    sentence: str
    expires_at: str
    findings: int


class WaiverSummary(TypedDict):
    """The register as a run found it; where it is `unreadable` (a sentence) no waiver holds."""

    unreadable: str
    entries: list[WaiverEntry]
    left_off: int


class ResultLine(TypedDict):
    """The verdict of one check of one item on one instance. A line with verdict `fail` is a finding.

    Three fields stand in results.jsonl alone: `first_seen` and `failing_since` (UTC, RFC 3339) where the failing period
    goes on, and `waiver` where the finding is accepted.
    """

    schema: Literal[1]
    run: str
    account: str
    account_name: str
    region: str
    instance: str
    instance_name: str | None
    ami: str | None
    profile: str
    bundle: str
    at: str
    item: str
    check: str
    severity: Severity
    verdict: Verdict
    reason: str
    evidence: list[str]
    duration_ms: int
    first_seen: NotRequired[str]
    failing_since: NotRequired[str]
    waiver: NotRequired[Waiver]


class CatalogItem(TypedDict):
    """One numbered item of an edition and the checks that judge it."""

    item: str
    importance: Severity
    title: LocalizedText
    checks: list[str]


class CatalogProfile(TypedDict):
    """The items of one edition; `checks` is the order of the digest's letters."""

    title: LocalizedText
    edition: str
    items_in_edition: int
    items: list[CatalogItem]
    checks: list[str]


class InlinePart(TypedDict):
    """A script that runs some consecutive checks of a profile and is small enough to travel inside a command."""

    bundle: str
    """SHA-256 of the script, which lies beside the bundle under that name."""
    checks: list[str]


class Catalog(TypedDict):
    """What a bundle contains, for readers of its results; it is never sent to a host."""

    schema: Literal[1]
    bundle: str
    profiles: dict[str, CatalogProfile]
    checks: dict[str, dict[str, Any]]
    """Check name to the content of its check.json."""
    inline: NotRequired[dict[str, list[InlinePart]]]
    """Each profile's parts, in the order of its checks; only bundles published before there were parts have none."""


class RunFacts(TypedDict):
    """What is known of a run before its ledger is read."""

    run: str
    profile: str
    requester: str
    started_at: str
    finished_at: str
    request: dict[str, Any]


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


Change = Literal["initial", "new", "fixed", "gone"]
"""`initial` is a finding of an instance that was judged for the first time, which is no news of its making."""


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

    `failing_since` is the begin of the period that has begun or ended; `at` is when the change was seen.
    """

    schema: Literal[1]
    change: Change
    item: str
    check: str
    severity: Severity
    first_seen: str
    failing_since: str
    at: str


class ChangeSummary(TypedDict):
    """What a run has changed: counts by change and severity, the weightiest one by one, and accounts it cannot tell."""

    counts: dict[Change, FindingCounts]
    first: list[ChangeLine]
    unreadable: list[str]


class Summary(TypedDict):
    """summary.json: everything about a run that does not grow with the number of results."""

    schema: Literal[1]
    run: str
    status: RunStatus
    profile: str
    edition: str
    bundle: str
    requester: str
    started_at: str
    finished_at: str
    request: dict[str, Any]
    gaps: list[Gap]
    targets: list[Target]
    totals: Totals
    worst_items: list[WorstItem]
    worst_instances: list[WorstInstance]
    strays: list[Stray]
    changes: NotRequired[ChangeSummary]
    waivers: NotRequired[WaiverSummary]
