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
    notes: NotRequired[list[str]]
    """Only on `account_region` lines: what discovery had to do without, a sentence each."""
    exclusion: NotRequired[str]
    """Only where the state is `excluded`: the entry of the register that says so."""
    requester: NotRequired[str]
    """Only in ledger.jsonl: who asked for the run, as its summary says with how that is known."""


class Waiver(TypedDict):
    """By which entry of the register a finding is accepted; `expires_at` is UTC, RFC 3339."""

    id: str
    owner: str
    approver: str
    reason: str
    ticket: str
    expires_at: str


class ResultLine(TypedDict):
    """The verdict of one check of one item on one instance. A line with verdict `fail` is a finding.

    `auto_scaling_group` is the ARN of its instance's group, where it is known to be in one. Four fields stand in
    results.jsonl alone: `first_seen` and `failing_since` (UTC, RFC 3339) where the failing period goes on,
    `group_failing_since` since when its group fails then, and `waiver` where the finding is accepted.
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
    auto_scaling_group: NotRequired[str]
    group_failing_since: NotRequired[str]
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
