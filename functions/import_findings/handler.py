"""ImportFindings: import what was selected of one account-region into its own Security Hub, and keep what it accepts.

Where Security Hub is not enabled, the outcome says so and nothing fails. A finding that is refused for a while raises
ServiceUnavailable, so that the state tries again: what has been accepted by then is not sent twice.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.accounts import member_session
from fleetdx.entrypoint import entrypoint, translate
from fleetdx.errors import FleetdxError, ServiceUnavailable
from fleetdx.events import ImportTarget
from fleetdx.feeds.asff import in_batches
from fleetdx.history import UnreadableHistoryError
from fleetdx.import_store import ImportStore, entry_of, is_accepted
from fleetdx.security_hub import REFUSED_FOR_GOOD, SecurityHubOff, import_findings
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.streams import stored_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_securityhub.client import SecurityHubClient

    from fleetdx.import_store import Held, ImportEntry, ImportLine
    from fleetdx.run_models import PlaceImport


class Input(ImportTarget):
    """The account-region, and how many findings were selected of it."""


class Output(TypedDict):
    """How many findings Security Hub holds now as they were selected, and how many it does not."""

    accepted: int
    failed: int


class Import:
    """The import into one account-region, as far as it has come.

    Attributes:
        refused: How many findings were refused, by the code of the error.
    """

    def __init__(self, event: Input, data: Bucket) -> None:
        self.refused: Counter[str] = Counter()
        self._event, self._data = event, data
        self._store = ImportStore(data, event["account"], event["region"])
        self._accepted: list[ImportEntry] = []
        self._counts: Counter[str] = Counter()

    def run(self, security_hub: Callable[[], SecurityHubClient]) -> None:
        """Import everything that an earlier try has not."""
        client = security_hub()
        for batch in in_batches(self._left(self._store.held()), lambda line: line["finding"]):
            refused = import_findings(client, [line["finding"] for line in batch])
            self.refused.update(refused.values())
            accepted = [line for line in batch if line["finding"]["Id"] not in refused]
            self._counts.update(line["change"] for line in accepted)
            self._accepted += map(entry_of, accepted)

    def _left(self, held: Held) -> Iterator[ImportLine]:
        event = self._event
        key = keys.to_import(event["run"], event["opening"], event["account"], event["region"])
        lines: Iterator[ImportLine] = stored_lines(self._data, key)
        for line in lines:
            if is_accepted(line, held):
                self._counts[line["change"]] += 1
            else:
                yield line

    def keep(self, why: str) -> Output:
        """Keep what was accepted for the next run, and the outcome for the summary."""
        event, accepted = self._event, self._counts.total()
        self._store.keep(self._accepted)
        outcome: PlaceImport = {
            "new": self._counts["new"],
            "updated": self._counts["updated"],
            "resolved": self._counts["resolved"],
            "failed": event["findings"] - accepted,
            "why": why,
        }
        key = keys.import_outcome(event["run"], event["opening"], event["account"], event["region"])
        self._data.put_json(key, dict(outcome))
        return {"accepted": accepted, "failed": outcome["failed"]}


def run(event: Input, data: Bucket, security_hub: Callable[[], SecurityHubClient]) -> Output:
    """Import the findings, and write what became of them.

    Args:
        event: The account-region.
        data: The data bucket.
        security_hub: Enters the account-region.

    Raises:
        ServiceUnavailable: Security Hub refused findings that it may take later.
    """
    importing = Import(event, data)
    try:
        importing.run(security_hub)
    except (SecurityHubOff, UnreadableHistoryError) as why:
        return importing.keep(str(why))
    except (ClientError, FleetdxError) as error:
        ours = (translate(error) or error) if isinstance(error, ClientError) else error
        importing.keep(f"{type(ours).__name__}: {ours}")
        raise
    codes = ", ".join(f"{code} ({count})" for code, count in sorted(importing.refused.items()))
    output = importing.keep(f"Security Hub refused findings: {codes}" if codes else "")
    if set(importing.refused) - REFUSED_FOR_GOOD:
        raise ServiceUnavailable(f"Security Hub refused findings: {codes}")
    return output


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, lambda: member_session(event, "import-findings", "import").client("securityhub"))
