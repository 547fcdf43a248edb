"""Where things lie in the buckets. Every key is made here, so that writer and reader cannot differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

RUN_PATTERN = re.compile(r"^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}$")
_EVIDENCE = re.compile(
    r"results/.+|runs/[^/]+/(ledger/.+|(request|summary)\.json|(ledger|results|changes)\.jsonl"
    r"|report\.(html|xlsx)|(ledger|results)\.csv|findings\.[a-z.]+\.jsonl)"
)
"""What an auditor relies on: what was asked, verified and told. What the next run overwrites is none of it."""
CURRENT_BUNDLE = "config/current.json"
RELEASES = "config/releases/"
"""What was done with bundles, by whom and when, in the order of time."""
RELEASE_POLICY = "config/release-policy.json"
"""What a published bundle needs before new runs use it."""


def bundle(digest: str) -> str:
    """The bundle of checks; its name is its SHA-256."""
    return f"scripts/{digest}"


def catalog(digest: str) -> str:
    """What the bundle contains, for readers of results."""
    return f"config/bundles/{digest}.json"


def signatures(digest: str) -> str:
    """The signatures of the bundle and of its inline parts."""
    return f"config/bundles/{digest}.signatures.json"


def release(at: dt.datetime, action: str, digest: str) -> str:
    """One act on a bundle; the keys sort by time."""
    return f"{RELEASES}{at:%Y%m%dT%H%M%S.%fZ}-{action}-{digest[:12]}.json"


RUNS = "runs/"
"""Everything that belongs to a run, one name a run below it."""
SWEEPS = "coverage/sweeps/"
"""The same of coverage sweeps."""


def run_prefix(run: str) -> str:
    """Everything that belongs to one run."""
    return f"runs/{run}/"


def targets(run: str) -> str:
    """The JSON array of all account-regions of a run."""
    return f"runs/{run}/targets.json"


def unfinished_targets(run: str, opening: int) -> str:
    """Those of them that a resumption still has to work on."""
    return f"runs/{run}/unfinished-{opening:02d}.json"


def place(account: str, region: str) -> str:
    """An account-region's name in a request and in the records of waves."""
    return f"{account}/{region}"


def account_and_region(name: str) -> tuple[str, str]:
    """The account and region behind such a name."""
    account, _, region = name.partition("/")
    return account, region


WAVE_PATTERN = re.compile(r"/waves/[0-9]{2}-[0-9]{4}\.json$")


def waves_prefix(run: str) -> str:
    """What SelectWave has written in all openings of a run."""
    return f"{run_prefix(run)}waves/"


def wave(run: str, opening: int, number: int) -> str:
    """What SelectWave has decided in an opening of a run, one document a wave; the keys sort by time."""
    return f"{waves_prefix(run)}{opening:02d}-{number:04d}.json"


def wave_targets(run: str, opening: int, number: int) -> str:
    """The JSON array of the account-regions that a wave scans."""
    return f"{waves_prefix(run)}{opening:02d}-{number:04d}-targets.json"


def unsent(run: str, opening: int) -> str:
    """The account-regions to which an opening of a run has sent nothing, each with the reason."""
    return f"{waves_prefix(run)}{opening:02d}-unsent.json"


def stopped_targets(run: str) -> str:
    """Those of them in which commands may be outstanding when a run is stopped."""
    return f"runs/{run}/stopped-targets.json"


def opening(run: str, number: int) -> str:
    """The execution that opened a run (number 0) or resumed it."""
    return f"{openings_prefix(run)}{number:02d}.json"


def openings_prefix(run: str) -> str:
    """Every opening of a run."""
    return f"runs/{run}/openings/"


def stop_mark(run: str) -> str:
    """Where it exists, no command of the run may be sent any more."""
    return f"runs/{run}/stop.json"


def request(run: str) -> str:
    """The request as validated, with who made it."""
    return f"runs/{run}/request.json"


def inventory(run: str, account: str, region: str) -> str:
    """The in-scope instances of one account-region as discovered, with their batches."""
    return f"runs/{run}/inventory/{account}/{region}.json"


def batches(run: str, account: str, region: str, opening: int, *, canary: bool = False) -> str:
    """The batches that an opening of the run, or its canary, scans in one account-region."""
    return f"{run_prefix(run)}batches/{account}/{region}/{opening:02d}{'-canary' if canary else ''}.json"


def retry(run: str, account: str, region: str, batch: str) -> str:
    """The instances that a batch's next attempt has to take up, and those that wait for a later one."""
    return f"runs/{run}/retry/{account}/{region}/{batch}.json"


def parts(run: str, account: str, region: str, batch: str) -> str:
    """What the instances of a batch's attempt came to in the inline parts before it."""
    return f"runs/{run}/parts/{account}/{region}/{batch}.json"


def delivery_memory(account: str, region: str) -> str:
    """How bundles and results travel in one account-region, as far as a run has found out."""
    return f"delivery/{account}/{region}.json"


def ledger_prefix(run: str) -> str:
    """All ledger parts of a run."""
    return f"runs/{run}/ledger/"


def ledger_part(run: str, account: str, region: str, part: str) -> str:
    """One part of the ledger; `part` is `target`, `discovery` or a batch."""
    return f"runs/{run}/ledger/{account}/{region}/{part}.jsonl"


def history(profile: str, account: str) -> str:
    """What is known of the findings of one account's instances by one profile: JSON lines, packed with gzip."""
    return f"history/{profile}/{account}.jsonl.gz"


def scores(view: str) -> str:
    """The scores of the last runs that asked for the same."""
    return f"history/scores/{view}.json"


def history_before(run: str, account: str) -> str:
    """What was known before a run."""
    return f"{run_prefix(run)}history-before/{account}.jsonl.gz"


def group_history(profile: str, account: str) -> str:
    """What is known of one account's Auto Scaling groups by one profile: JSON lines, packed with gzip."""
    return f"history/{profile}/groups/{account}.jsonl.gz"


def group_history_before(run: str, account: str) -> str:
    """What was known of them before a run."""
    return f"{run_prefix(run)}group-history-before/{account}.jsonl.gz"


def feeds(profile: str) -> str:
    """What the feed of changes has told of the findings of one profile, one object an account."""
    return f"feeds/{profile}/"


def feeds_before(run: str) -> str:
    """What it had told before a run."""
    return f"{run_prefix(run)}feeds-before/"


COVERAGE_FEEDS = "coverage/feeds/"
"""What the feed of sweeps has told, one object an account."""


def coverage_feeds_before(sweep: str) -> str:
    """What it had told before a sweep."""
    return f"{coverage_prefix(sweep)}feeds-before/"


_TOLD = ".jsonl.gz"


def told(prefix: str, account: str) -> str:
    """What a feed has told of one account, below one of the prefixes above: one line of JSON, packed with gzip."""
    return f"{prefix}{account}{_TOLD}"


def account_told(key: str) -> str:
    """The account behind such a key."""
    return key.rpartition("/")[2].removesuffix(_TOLD)


def imported(account: str, region: str) -> str:
    """What Security Hub has accepted in one account-region: JSON lines, packed with gzip."""
    return f"imports/{account}/{region}.jsonl.gz"


def imports_prefix(run: str, opening: int) -> str:
    """What is imported into Security Hub at the end of an opening of a run."""
    return f"{run_prefix(run)}imports/{opening:02d}/"


def import_targets(run: str, opening: int) -> str:
    """The JSON array of the account-regions into which findings are to be imported."""
    return f"{imports_prefix(run, opening)}targets.json"


def to_import(run: str, opening: int, account: str, region: str) -> str:
    """The findings that are to be imported into one account-region: JSON lines."""
    return f"{imports_prefix(run, opening)}{account}/{region}.jsonl"


def import_outcome(run: str, opening: int, account: str, region: str) -> str:
    """What became of them by the last try."""
    return f"{imports_prefix(run, opening)}{account}/{region}.outcome.json"


def results_prefix(run: str, account: str, region: str) -> str:
    """The result lines of one account-region in one run, partitioned as Athena and DuckDB read them."""
    day = f"{run[0:4]}-{run[4:6]}-{run[6:8]}"
    return f"results/day={day}/account={account}/region={region}/{run}-"


def results_part(run: str, account: str, region: str, batch: str) -> str:
    """The result lines of one batch."""
    return f"{results_prefix(run, account, region)}{batch}.jsonl"


def strays(run: str, account: str, region: str, batch: str) -> str:
    """What lay in a batch's intake that no digest named."""
    return f"runs/{run}/strays/{account}/{region}/{batch}.json"


def intake_prefix(run: str, account: str, region: str, batch: str) -> str:
    """Where, in the intake bucket, the hosts of one batch may put their results."""
    return f"runs/{run}/{account}/{region}/{batch}/"


def intake_object(prefix: str, instance: str, digest: str) -> str:
    """The one object of an instance that is read: named by the hash its digest line carries."""
    return f"{prefix}{instance}/{digest}.json.gz"


def received(run: str, account: str, region: str, instance: str, digest: str) -> str:
    """What an instance sent and its digest names, byte by byte; in the evidence bucket alone."""
    return f"{run_prefix(run)}received/{account}/{region}/{instance}/{digest}.json.gz"


def is_evidence(key: str) -> bool:
    """Whether an object of the data bucket is locked in the evidence bucket too, where there is one."""
    return _EVIDENCE.fullmatch(key) is not None


def analyzed_ledger(run: str) -> str:
    """A run's ledger where Athena reads all of them as one table; it tells by the key's end how it is packed."""
    return f"ledgers/{run}.jsonl.gz"


def analyzed_changes(run: str) -> str:
    """A run's changes where Athena reads all of them as one table."""
    return f"changes/{run}.jsonl.gz"


def out(run: str, name: str) -> str:
    """A file that a run leaves for people: summary.json, ledger.jsonl, results.jsonl, report.html."""
    return f"runs/{run}/{name}"


def command_claim(run: str, account: str, region: str, batch: str) -> str:
    """Whoever writes this key first sends the batch's command."""
    return f"{command_claims_prefix(run, account, region)}{batch}"


def command_claims_prefix(run: str, account: str = "", region: str = "") -> str:
    """The claims of all commands of a run, or of those of one account-region."""
    place = f"{account}/{region}/" if account else ""
    return f"runs/{run}/claims/commands/{place}"


def notification(run: str, opening: int) -> str:
    """What was told to Slack, or would have been, when this opening of the run ended."""
    return f"runs/{run}/notification-{opening:02d}.json"


def notification_claim(run: str, opening: int) -> str:
    """Whoever writes this key first tells Slack."""
    return f"runs/{run}/claims/notification-{opening:02d}"


def owner_notification(run: str, opening: int, route: str) -> str:
    """What was told to an owner, or would have been, when this opening of the run ended."""
    return f"{run_prefix(run)}owner-notifications/{opening:02d}-{route}.json"


def owner_notification_claim(run: str, opening: int, route: str) -> str:
    """Whoever writes this key first tells the owner."""
    return f"{run_prefix(run)}claims/owner-notifications/{opening:02d}-{route}"


NOTIFICATION_ROUTES = "config/notification-routes.json"
"""Which owners are told of a run, beside the central channel."""


EXEMPTIONS = "config/exemptions.json"
"""Which instances are left as they are."""


WINDOWS = "config/windows.json"
"""When account-regions may be entered."""


def instance_record(account: str, region: str, instance: str) -> str:
    """What is known of mending one instance: the last execution that looks after it, and what was told of it."""
    return f"instances/{account}/{region}/{instance}.json"


def mending_claim(account: str, subject: str) -> str:
    """Whoever writes this key makes a change in a member account, and tells it; `subject` says which change."""
    return f"claims/mending/{account}/{subject}"


def mending_notification_claim(execution: str) -> str:
    """Whoever writes this key first tells Slack how an execution of ensure_ssm_ready ended."""
    return f"claims/notifications/{execution}"


def mending_notification(execution: str) -> str:
    """What was told to Slack, or would have been, when an execution of ensure_ssm_ready ended."""
    return f"notifications/{execution}.json"


def announcement_claim(name: str) -> str:
    """Whoever writes this key first announces what is wrong with configuration or exemptions."""
    return f"claims/announcements/{name}"


WHOLE_ORGANIZATION_CLAIM = "claims/whole-organization.json"
"""Which run works on the whole organization."""


def coverage_prefix(sweep: str) -> str:
    """Everything that belongs to one coverage sweep."""
    return f"coverage/sweeps/{sweep}/"


def coverage_request(sweep: str) -> str:
    """The request as validated, with who made it."""
    return f"{coverage_prefix(sweep)}request.json"


def coverage_targets(sweep: str) -> str:
    """The JSON array of all account-regions of a sweep."""
    return f"{coverage_prefix(sweep)}targets.json"


def control_findings(sweep: str, region: str) -> str:
    """What Security Hub says of every instance of a region, in all accounts."""
    return f"{coverage_prefix(sweep)}findings/{region}.json"


def coverage_part(sweep: str, account: str, region: str) -> str:
    """The lines of one account-region."""
    return f"{coverage_prefix(sweep)}parts/{account}/{region}.jsonl"


def coverage_failure(sweep: str, account: str, region: str) -> str:
    """The error that ended the look at one account-region."""
    return f"{coverage_prefix(sweep)}failures/{account}/{region}.json"


def coverage_out(sweep: str, name: str) -> str:
    """A file that a sweep leaves for people: summary.json, coverage.jsonl, coverage.csv, feeds, coverage.html."""
    return f"{coverage_prefix(sweep)}{name}"


def coverage_trend(view: str) -> str:
    """The row of sweeps that looked at the same scope and regions."""
    return f"coverage/trends/{view}.json"


def coverage_notification(sweep: str) -> str:
    """What was told to Slack of a sweep, or would have been."""
    return f"{coverage_prefix(sweep)}notification.json"


def coverage_notification_claim(sweep: str) -> str:
    """Whoever writes this key first tells Slack of a sweep."""
    return f"{coverage_prefix(sweep)}claims/notification"
