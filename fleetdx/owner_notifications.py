"""Tell owners of a run: each configured channel of its own accounts alone, after the central one.

Each message is claimed by its route, so that none is sent twice; one that fails is `unsent` in its record, and costs
neither the run nor another owner anything.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from fleetdx import keys
from fleetdx.configuration import MalformedDocument
from fleetdx.errors import RecordMissing
from fleetdx.log import logger_for
from fleetdx.notification_routes import Route, accounts_of, read_routes
from fleetdx.notifications import Keys, tell_once
from fleetdx.organizations import UnknownParent
from fleetdx.reporting.changes import Changes
from fleetdx.reporting.owner_digest import owner_digest, owner_text
from fleetdx.streams import stored_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fleetdx.models import Language, LedgerLine
    from fleetdx.notifications import Notification
    from fleetdx.run_models import ChangeLine, ChangeSummary, RegisterEntry, Summary
    from fleetdx.storage import Bucket


class Reach(NamedTuple):
    """What is needed to reach owners.

    Attributes:
        below: Asks for the accounts below an organizational unit; raises UnknownParent.
        sender: What sends a text to the webhook that a parameter holds.
        language: Of messages whose route names none.
        may_go_on: Whether there is time to send another one.
    """

    below: Callable[[str], frozenset[str]]
    sender: Callable[[str], Callable[[str], bool] | None]
    language: Language
    may_go_on: Callable[[], bool]


def routes_in(data: Bucket) -> tuple[list[Route], str]:
    """The operator's routes, and a sentence where they cannot be read: then, as without a document, none."""
    try:
        return read_routes(data.get(keys.NOTIFICATION_ROUTES)), ""
    except RecordMissing:
        return [], ""
    except MalformedDocument as fault:
        return [], f"s3://{data.name}/{keys.NOTIFICATION_ROUTES} cannot be read ({fault}): no owner is told."


def tell_owners(data: Bucket, run: str, opening: int, routes: list[Route], reach: Reach) -> dict[str, Notification]:
    """Tell the owners whose accounts the run has looked at; returns each route's fate by its id.

    Args:
        data: The data bucket, which holds the run's summary, ledger and changes.
        run: The run.
        opening: Its opening.
        routes: Whom to tell.
        reach: How.
    """
    if not routes:
        return {}
    summary: Summary = data.get_json(keys.out(run, "summary.json"))
    looked_at = frozenset(target["account"] for target in summary["targets"])
    told: dict[str, Notification] = {}
    owned: dict[Route, frozenset[str]] = {}
    for route in routes:
        try:
            accounts = accounts_of(route, looked_at, reach.below)
        except UnknownParent as error:
            told[route.id] = _unresolved(data, run, opening, route, f"the organization has no unit {error}")
            continue
        if accounts:
            owned[route] = accounts
    changes = _changes(owned, summary, stored_lines(data, keys.out(run, "changes.jsonl")) if owned else ())
    scopes = Scopes(data, run, reach.below)
    for route, accounts in owned.items():
        digest = owner_digest(summary, accounts, changes[route], scopes.about(accounts))
        text = owner_text(digest, summary, accounts, route.language or reach.language)
        send = reach.sender(route.webhook_parameter) if reach.may_go_on() else _no_time
        told[route.id] = tell_once(data, _keys(run, opening, route), text, send)
    return told


def _keys(run: str, opening: int, route: Route) -> Keys:
    claim = keys.owner_notification_claim(run, opening, route.id)
    return Keys(claim, keys.owner_notification(run, opening, route.id))


def _no_time(_: str) -> bool:
    logger_for("notify").warning("no time is left to tell another owner")
    return False


def _unresolved(data: Bucket, run: str, opening: int, route: Route, why: str) -> Notification:
    """A route of which it is not known whom it is about tells nothing: it would tell too little, or of others."""
    data.put_json(_keys(run, opening, route).record, {"notification": "unsent", "text": "", "why": why})
    return "unsent"


class _Nowhere:
    """Takes lines that already lie in the run's records."""

    def write(self, data: bytes, /) -> int:
        return len(data)


def _changes(
    owned: Mapping[Route, frozenset[str]], summary: Summary, lines: Iterable[ChangeLine]
) -> dict[Route, ChangeSummary]:
    """What has changed in each owner's accounts, from one pass over the run's changes."""
    of_account: defaultdict[str, list[Changes]] = defaultdict(list)
    changes = {route: Changes(_Nowhere()) for route in owned}
    for route, accounts in owned.items():
        for account in accounts:
            of_account[account].append(changes[route])
    for line in lines:
        for each in of_account.get(line["account"], ()):
            each.add(line)
    unreadable = summary["changes"]["unreadable"] if "changes" in summary else []
    return {
        route: changes[route].summary([account for account in unreadable if account in accounts])
        for route, accounts in owned.items()
    }


class Scopes:
    """Whom entries of the register are about; the ledger and Organizations are asked only where an entry needs them."""

    def __init__(self, data: Bucket, run: str, below: Callable[[str], frozenset[str]]) -> None:
        self._data, self._run, self._below = data, run, below
        self._of_subject: dict[str, set[str]] | None = None

    def about(self, accounts: frozenset[str]) -> Callable[[RegisterEntry], bool]:
        """Says of an entry whether it needs somebody and is about any of these accounts."""

        def is_about(entry: RegisterEntry) -> bool:
            return entry["standing"] != "holds" and bool(self._accounts(entry, accounts) & accounts)

        return is_about

    def _accounts(self, entry: RegisterEntry, accounts: frozenset[str]) -> frozenset[str]:
        ((kind, value),) = entry["scope"].items()
        if kind == "organization":
            return accounts
        if kind == "account":
            return frozenset({value})
        if kind == "organizational_unit":
            try:
                return self._below(value)
            except UnknownParent:
                return frozenset()
        # An instance, or a tag of which only the instances that it has excluded are known.
        return frozenset(self._subjects().get(value if kind == "instance_id" else f"exclusion {entry['id']}", ()))

    def _subjects(self) -> dict[str, set[str]]:
        if self._of_subject is None:
            found: defaultdict[str, set[str]] = defaultdict(set)
            for line in stored_lines(self._data, keys.out(self._run, "ledger.jsonl")):
                told = cast("LedgerLine", line)
                if told["instance"] is not None:
                    found[told["instance"]].add(told["account"])
                if "exclusion" in told:
                    found[f"exclusion {told['exclusion']}"].add(told["account"])
            self._of_subject = dict(found)
        return self._of_subject
