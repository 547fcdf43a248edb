"""SelectFindings: what of a run Security Hub has not been told, in one object for each account-region.

Each result is held against what Security Hub has accepted, so that what failed to be imported is selected again. Raises
BundleMissing and RecordMissing, which are not worth a retry.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

from fleetdx import keys
from fleetdx.bundles import read_catalog
from fleetdx.entrypoint import entrypoint
from fleetdx.feeds.asff import finding_of
from fleetdx.feeds.imported import to_import
from fleetdx.feeds.looked import by_run
from fleetdx.feeds.wording import Words
from fleetdx.history import UnreadableHistoryError
from fleetdx.import_store import ImportLine, ImportStore, name_of
from fleetdx.run_feed import by_account
from fleetdx.run_records import NO_TARGETS
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.streams import packing, put_packed, spooled, stored_lines

if TYPE_CHECKING:
    import gzip
    from collections.abc import Callable, Iterable
    from tempfile import SpooledTemporaryFile

    from fleetdx.events import ImportTarget
    from fleetdx.feeds.asff import Finding
    from fleetdx.feeds.imported import ImportedFinding, ToImport
    from fleetdx.feeds.looked import Looked
    from fleetdx.feeds.models import Compared, FindingKey, Observation
    from fleetdx.models import Language, LedgerLine
    from fleetdx.run_models import Summary

    FindingOf = Callable[[Compared], Finding]


class Input(TypedDict):
    """A run whose report is there, and the number of its opening."""

    run: str
    bundle: str
    opening: int


class Output(TypedDict):
    """Where the account-regions are listed, how many there are, and how many findings of all of them."""

    bucket: str
    key: str
    targets: int
    findings: int


class Known(NamedTuple):
    """What Security Hub holds of an account, and the regions of which nobody knows."""

    findings: dict[FindingKey, ImportedFinding]
    unreadable: set[str]


class Selection:
    """The findings of one run that are to be imported, written account by account."""

    def __init__(self, data: Bucket, opening: int, looked: Looked, finding_of: FindingOf) -> None:
        self.targets: list[ImportTarget] = []
        self._data, self._opening, self._looked, self._finding_of = data, opening, looked, finding_of

    def add(self, account: str, observations: Iterable[Observation]) -> None:
        """Write what is to be imported into the regions of an account; where nobody knows, ImportFindings says so."""
        known = self._known(account)
        seen = (one for one in observations if one.key.region not in known.unreadable)
        counts: Counter[str] = Counter(dict.fromkeys(known.unreadable, 0))
        with ExitStack() as stack:
            streams: dict[str, tuple[SpooledTemporaryFile[bytes], gzip.GzipFile]] = {}
            for one in to_import(known.findings, seen, self._looked):
                region = one.compared.observation.key.region
                if region not in streams:
                    stream = stack.enter_context(spooled())
                    streams[region] = (stream, stack.enter_context(packing(stream)))
                streams[region][1].write(self._line(one))
                counts[region] += 1
            for region, (stream, packed) in streams.items():
                packed.close()
                put_packed(self._data, keys.to_import(self._looked.run, self._opening, account, region), stream)
        self.targets += [self._target(account, region, counts[region]) for region in sorted(counts)]

    def _target(self, account: str, region: str, findings: int) -> ImportTarget:
        return {
            "run": self._looked.run,
            "opening": self._opening,
            "account": account,
            "region": region,
            "findings": findings,
        }

    def _known(self, account: str) -> Known:
        known = Known({}, set())
        for of, region in self._looked.places:
            if of != account:
                continue
            try:
                known.findings.update(ImportStore(self._data, account, region).findings())
            except UnreadableHistoryError:
                known.unreadable.add(region)
        return known

    def _line(self, one: ToImport) -> bytes:
        line: ImportLine = {
            "key": name_of(one.compared.observation.key),
            "change": one.change,
            "after": one.after,
            "at": one.compared.observation.at,
            "finding": self._finding_of(one.compared),
        }
        return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def run(event: Input, data: Bucket, language: Language) -> Output:
    """Write the findings of each account-region, and the list of those that have some.

    Args:
        event: The run.
        data: The data bucket.
        language: Of titles, remedies and sentences.
    """
    summary: Summary = data.get_json(keys.out(event["run"], "summary.json"))
    ledger = cast("list[LedgerLine]", data.get_lines(keys.out(event["run"], "ledger.jsonl")))
    looked = by_run(summary["run"], summary["profile"], summary["finished_at"], summary["request"], ledger)
    words = Words(read_catalog(data, event["bundle"]), summary["profile"])

    def made(compared: Compared) -> Finding:
        return finding_of(compared, words.of(compared.observation), language)

    selection = Selection(data, event["opening"], looked, made)
    results = stored_lines(data, keys.out(event["run"], "results.jsonl"))
    for account, observations in by_account(looked, ledger, results):
        if account != NO_TARGETS[0]:
            selection.add(account, observations)
    key = keys.import_targets(event["run"], event["opening"])
    data.put_json(key, list(selection.targets))
    findings = sum(target["findings"] for target in selection.targets)
    return {"bucket": data.name, "key": key, "targets": len(selection.targets), "findings": findings}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, "ko" if setting("NOTIFICATION_LANGUAGE") == "ko" else "en")
