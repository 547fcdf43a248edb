"""One host: what a run found on it and how its command went, and what became of each item over the runs."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from console.problems import Problem, not_found
from console.reading import executions, invocation, runs
from fleetdx import keys
from fleetdx.bundles import read_catalog
from fleetdx.errors import BundleMissing, RecordMissing
from fleetdx.models import WORST_VERDICT_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from console.context import Context
    from fleetdx.storage import Bucket

ACCOUNT: Final = re.compile(r"[0-9]{12}")
REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
INSTANCE: Final = re.compile(r"i-[0-9a-f]{8,17}")
PROFILE: Final = re.compile(r"[a-z0-9_]{1,64}")
MOST_RUNS: Final = 30
WORKERS: Final = 8
NOTES: Final = {
    "no_command": ("No command was sent to it.", "이 인스턴스에는 명령을 보내지 않았습니다."),
    "no_execution": (
        "Nobody has the execution any more that sent its command.",
        "명령을 보낸 실행의 기록이 남아 있지 않습니다.",
    ),
    "not_allowed": (
        "Nobody lets you see what commands printed in this account (member.yaml, OperatorArnPattern).",
        "이 계정에서 명령의 출력을 볼 권한이 없습니다(member.yaml의 OperatorArnPattern).",
    ),
    "not_readable": ("Systems Manager could not be asked.", "Systems Manager에 물어볼 수 없었습니다."),
    "not_listed": (
        "Systems Manager lists no invocation of it; it keeps them for 30 days.",
        "Systems Manager에 호출 기록이 없습니다. 기록은 30일 동안만 보관됩니다.",
    ),
}


class Host:
    """An instance by its account, region and id, each as it has to look."""

    def __init__(self, account: str, region: str, instance: str) -> None:
        """Take the names. Raises Problem where one is none."""
        if not (ACCOUNT.fullmatch(account) and REGION.fullmatch(region) and INSTANCE.fullmatch(instance)):
            raise not_found("An instance of that name")
        self.account, self.region, self.instance = account, region, instance


def in_run(context: Context, run: str, host: Host, language: str) -> dict[str, Any]:
    """What a run found on a host, and how its command went.

    Raises:
        Problem: The run's ledger has no such instance.
    """
    data = context.deployment.data
    ledger = _ledger_line(data, runs.checked(run), host)
    if ledger is None:
        raise not_found(f"Instance {host.instance} in run {run}")
    results = _with_failing_since(data, run, host, list(_results(data, run, host)))
    execution = _batch(context, run, host)
    found, why = None, "no_execution" if was_sent(ledger, results) else "no_command"
    if execution:
        where = (context.deployment, host.account, host.region, host.instance)
        found, why = invocation.read(*where, invocation.commands_of(execution["events"]))
    return {
        "ledger": ledger,
        "results": _titled(data, ledger, results),
        "invocation": found,
        "invocation_note": NOTES[why][language == "ko"] if why else None,
        "execution": execution["execution"]["arn"] if execution else None,
    }


def was_sent(ledger: Mapping[str, Any], results: list[dict[str, Any]]) -> bool:
    """Whether a command must have been sent to a host, whatever is left of it."""
    return bool(results) or ledger["state"] == "scanned"


def _ledger_line(data: Bucket, run: str, host: Host) -> dict[str, Any] | None:
    """The line of an instance: of several attempts the last one that was written."""
    prefix = keys.ledger_part(run, host.account, host.region, "").removesuffix(".jsonl")
    found = None
    for stored in data.keys(prefix):
        for line in data.get_lines(stored.key):
            if line["instance"] == host.instance:
                found = line
    return found or _reported_line(data, run, host)


def _reported_line(data: Bucket, run: str, host: Host) -> dict[str, Any] | None:
    """The line that the report made, of what nobody had recorded."""
    try:
        lines = data.get_lines(keys.out(run, "ledger.jsonl"))
    except RecordMissing:
        return None
    wanted = (host.account, host.region, host.instance)
    return next((line for line in lines if (line["account"], line["region"], line["instance"]) == wanted), None)


def _results(data: Bucket, run: str, host: Host) -> Iterable[dict[str, Any]]:
    for stored in data.keys(keys.results_prefix(run, host.account, host.region)):
        yield from (line for line in data.get_lines(stored.key) if line["instance"] == host.instance)


def history_of(data: Bucket, profile: str, host: Host) -> dict[str, Any]:
    """What is known of an instance's findings by a profile; empty where nothing is, or it cannot be read."""
    try:
        lines = gzip.decompress(data.get(keys.history(profile, host.account))).splitlines()
        known = map(json.loads, lines)
        wanted = (host.region, host.instance)
        return next((line for line in known if (line["region"], line["instance"]) == wanted), {})
    except (RecordMissing, OSError, EOFError, zlib.error, ValueError, KeyError):
        return {}


def _with_failing_since(data: Bucket, run: str, host: Host, results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results with since when they fail, where the run is the last one that judged the host; else nobody knows."""
    known = history_of(data, results[0]["profile"], host) if results else {}
    if known.get("run") != run:
        return results
    states = known.get("findings", {})
    return [{**line, **_since(states.get(f"{line['item']}/{line['check']}"))} for line in results]


def _since(state: Mapping[str, Any] | None) -> dict[str, Any]:
    if state is None or not state["failing_since"]:
        return {}
    return {"first_seen": state["first_seen"], "failing_since": state["failing_since"]}


def _titled(data: Bucket, ledger: Mapping[str, Any], results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results with their items' titles and what mends them, in both languages, as far as the bundle's catalog tells."""
    titles = titles_of(data, ledger.get("bundle"), ledger["profile"])
    remedies = remedies_of(data, ledger.get("bundle"))
    return [{**line, "title": titles.get(line["item"]), "remediation": remedies.get(line["check"])} for line in results]


def titles_of(data: Bucket, bundle: str | None, profile: str) -> dict[str, dict[str, str]]:
    """The titles of a profile's items in both languages; none where the bundle's catalog is gone."""
    try:
        items = read_catalog(data, bundle or "")["profiles"][profile]["items"]
    except (BundleMissing, KeyError):
        return {}
    return {item["item"]: {"en": item["title"]["en"], "ko": item["title"]["ko"]} for item in items}


def remedies_of(data: Bucket, bundle: str | None) -> dict[str, dict[str, str]]:
    """What mends what each check finds, in both languages; none where the bundle's catalog is gone."""
    try:
        checks = read_catalog(data, bundle or "")["checks"]
    except (BundleMissing, KeyError):
        return {}
    return {name: check["remediation"] for name, check in checks.items() if "remediation" in check}


def _batch(context: Context, run: str, host: Host) -> dict[str, Any] | None:
    """The last execution of scan_batch that had the host; None where there is none, or nobody has it any more."""
    try:
        inventory = context.deployment.data.get_json(keys.inventory(run, host.account, host.region))
    except RecordMissing:
        return None
    number = next((number for number, batch in enumerate(inventory["batches"]) if host.instance in batch), None)
    if number is None:
        return None
    document = runs.document(context, run)
    place = {"account": host.account, "region": host.region, "batch": str(number)}
    its_own = [one for one in document["executions"]["batches"] if place.items() <= one.items()]
    arn = max(its_own, key=lambda one: str(one["started_at"]))["arn"] if its_own else _named(context, run, host, number)
    try:
        return executions.whole(context.deployment, arn)
    except Problem:
        return None


def _named(context: Context, run: str, host: Host, number: int) -> str:
    machine = context.deployment.scan_batch.replace(":stateMachine:", ":execution:")
    return f"{machine}:{run}-{host.account}-{host.region}-{number}"


def over_time(context: Context, host: Host, profile: str) -> dict[str, Any]:
    """What became of each item on a host over the last runs, the newest run first.

    Raises:
        Problem: That can be no profile.
    """
    if PROFILE.fullmatch(profile) is None:
        raise not_found("A profile of that name")
    data = context.deployment.data
    names = sorted((name for name in data.directory(keys.RUNS).names if keys.RUN_PATTERN.fullmatch(name)), reverse=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        seen = pool.map(lambda run: _seen(context, run, host, profile), names[:MOST_RUNS])
    looked = [one for one in seen if one is not None]
    bundle = next((one["bundle"] for one in looked if one["bundle"]), None)
    known = history_of(data, profile, host).get("findings", {})
    return {
        "runs": [{name: one[name] for name in ("run", "at", "state")} for one in looked],
        "items": _items(looked, titles_of(data, bundle, profile), known),
    }


def _seen(context: Context, run: str, host: Host, profile: str) -> dict[str, Any] | None:
    """How a run left a host, with the worst verdict of each item; None where the run did not have it."""
    return context.kept.get(
        ("seen", run, host.account, host.region, host.instance, profile), 60, lambda: _look(context, run, host, profile)
    )


def _look(context: Context, run: str, host: Host, profile: str) -> dict[str, Any] | None:
    data = context.deployment.data
    line = _ledger_line(data, run, host)
    if line is None or line["profile"] != profile:
        return None
    verdicts: dict[str, str] = {}
    for result in _results(data, run, host):
        verdicts[result["item"]] = worst(verdicts.get(result["item"]), result["verdict"])
    return {"run": run, "at": line["at"], "state": line["state"], "bundle": line["bundle"], "verdicts": verdicts}


def worst(one: str | None, other: str) -> str:
    """The verdict of an item of which one check came to this and another to that."""
    order = WORST_VERDICT_FIRST
    return other if one is None or order.index(other) < order.index(one) else one


def _items(
    looked: list[dict[str, Any]], titles: Mapping[str, dict[str, str]], known: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    names = sorted({item for one in looked for item in one["verdicts"]})
    return [
        {
            "item": item,
            "title": titles.get(item),
            "verdicts": {one["run"]: one["verdicts"][item] for one in looked if item in one["verdicts"]},
            **_earliest(state for key, state in known.items() if key.partition("/")[0] == item),
        }
        for item in names
    ]


def _earliest(states: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Since when an item fails: of its checks, the one that failed first."""
    found = list(states)
    return {
        "first_seen": min((state["first_seen"] for state in found), default=None),
        "failing_since": min((state["failing_since"] for state in found if state["failing_since"]), default=None),
    }
