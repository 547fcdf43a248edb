"""From the options of `fleetdx scan` to a scan request; pure but for reading the files that options name."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fleetdx.cli.problems import UsageProblem
from fleetdx.keys import RUN_PATTERN
from fleetdx.requests import ScanRequest, complete_request, parse_request

if TYPE_CHECKING:
    from pathlib import Path

    from fleetdx.errors import InvalidRequest

BARE_INSTANCE = re.compile(r"^i-[0-9a-f]{8,17}$")
NO_EXPORT = "none"


@dataclass(frozen=True)
class ScanOptions:
    """The options of `fleetdx scan` that say what to scan and how."""

    instances: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    organizational_units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    profile: str | None = None
    checks: tuple[str, ...] = ()
    request_file: Path | None = None
    dry_run: bool = False
    execution_timeout_seconds: int | None = None
    delivery_timeout_seconds: int | None = None
    max_concurrency: str | None = None
    max_errors: str | None = None
    canary: tuple[str, ...] = ()
    canary_instances: int | None = None
    ignore_windows: bool = False
    delivery: str | None = None
    max_attempts: int | None = None
    exports: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True)
class EmbeddedOptions:
    """The options that say what the embedded AWS is made of.

    Attributes:
        directory: Where it keeps its disk.
        roots: Unpacked roots to add as instances.
        faults: A file that says what is to go wrong; None for nothing.
        every_cause: Whether to add one instance for each cause for which one is not managed.
    """

    directory: Path
    roots: tuple[Path, ...] = ()
    faults: Path | None = None
    every_cause: bool = False


@dataclass(frozen=True)
class ExistingRun:
    """A run that was started before: to be stopped, or else to be resumed."""

    run: str
    is_to_stop: bool


def existing_run(
    options: ScanOptions, embedded: EmbeddedOptions, *, resume: str | None, stop: str | None
) -> ExistingRun | None:
    """The run that --resume or --stop names; None where a new one is to be started.

    Raises:
        UsageProblem: Both are given, options of a new run stand beside them, or what they name is no run.
    """
    if resume is None and stop is None:
        return None
    option, run = ("--stop", stop) if stop is not None else ("--resume", str(resume))
    if resume is not None and stop is not None:
        raise UsageProblem("--resume, --stop", "give one of them")
    others = [
        *_given(options),
        *(["--request"] if options.request_file else []),
        *(["--root"] if embedded.roots else []),
    ]
    others += ["--force"] if options.force else []
    others += ["--dry-run"] if options.dry_run else []
    others += ["--ignore-windows"] if options.ignore_windows else []
    if others:
        raise UsageProblem(option, f"everything else is taken from the run's records; leave out {', '.join(others)}")
    if not RUN_PATTERN.fullmatch(str(run)):
        raise UsageProblem(option, f"{str(run)!r} is no run; one is like 20261123T021500Z-3fa9c1")
    return ExistingRun(str(run), stop is not None)


def request_from(options: ScanOptions, regions: tuple[str, ...], roots: tuple[str, ...], runs: Path) -> ScanRequest:
    """The completed request that the options mean.

    Args:
        options: What was typed.
        regions: The deployment's regions.
        roots: Instances made of unpacked roots; without another scope, they are the scope.
        runs: Directory of earlier runs, in whose ledgers a bare instance id is looked up.

    Raises:
        UsageProblem: Options contradict each other, or a bare id is unknown.
        InvalidRequest: The request has a fault, with its JSON pointer.
    """
    document = _from_file(options) if options.request_file else _from_options(options, roots, runs)
    if options.dry_run and isinstance(document, dict):
        document["dry_run"] = True
    if options.force and isinstance(document, dict):
        document["force"] = True
    if options.ignore_windows and isinstance(document, dict):
        document["ignore_windows"] = True
    return complete_request(document, regions)


def _from_file(options: ScanOptions) -> Any:  # noqa: ANN401 - not validated yet
    path = options.request_file
    if path is None or _given(options):
        raise UsageProblem("--request", f"a request file says it all; leave out {', '.join(_given(options))}")
    try:
        text = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UsageProblem("--request", f"{path} cannot be read: {error.strerror}") from None
    return parse_request(text)


def _given(options: ScanOptions) -> list[str]:
    named = {
        "--instance": options.instances,
        "--account": options.accounts,
        "--organizational-unit": options.organizational_units,
        "--region": options.regions,
        "--tag": options.tags,
        "--profile": options.profile,
        "--check": options.checks,
        "--execution-timeout": options.execution_timeout_seconds,
        "--delivery-timeout": options.delivery_timeout_seconds,
        "--max-concurrency": options.max_concurrency,
        "--max-errors": options.max_errors,
        "--canary": options.canary,
        "--canary-instances": options.canary_instances,
        "--delivery": options.delivery,
        "--max-attempts": options.max_attempts,
        "--export": options.exports,
    }
    return [name for name, value in named.items() if value]


def _from_options(options: ScanOptions, roots: tuple[str, ...], runs: Path) -> dict[str, Any]:
    scopes = {
        "instances": [full_name(name, runs) for name in options.instances],
        "accounts": list(options.accounts),
        "organizational_units": list(options.organizational_units),
    }
    scope: dict[str, Any] = {name: values for name, values in scopes.items() if values}
    if len(scope) > 1:
        raise UsageProblem("--instance, --account, --organizational-unit", "give one of them; a scan has one scope")
    if not scope:
        scope = {"instances": list(roots)} if roots else {"organization": True}
    document: dict[str, Any] = {"scope": scope, "tags": _tags(options.tags)}
    optional = {
        "regions": list(options.regions),
        "profile": options.profile,
        "checks": list(options.checks),
        "execution_timeout_seconds": options.execution_timeout_seconds,
        "delivery_timeout_seconds": options.delivery_timeout_seconds,
        "max_concurrency": options.max_concurrency,
        "max_errors": options.max_errors,
        "canary": _canary(options),
        "delivery": options.delivery,
        "max_attempts": options.max_attempts,
    }
    if options.exports:
        document["exports"] = _exports(options.exports)
    return document | {name: value for name, value in optional.items() if value not in (None, [])}


def _exports(given: tuple[str, ...]) -> list[str]:
    names = list(dict.fromkeys(given))
    if NO_EXPORT in names and len(names) > 1:
        raise UsageProblem(
            "--export", f"{NO_EXPORT} writes no file for other readers; leave out {NO_EXPORT} or the others"
        )
    return [name for name in names if name != NO_EXPORT]


def _canary(options: ScanOptions) -> dict[str, Any] | None:
    if not options.canary:
        if options.canary_instances is not None:
            raise UsageProblem(
                "--canary-instances", "says how many go first, but not where; add --canary ACCOUNT/REGION"
            )
        return None
    instances = {} if options.canary_instances is None else {"instances": options.canary_instances}
    return {"targets": list(options.canary), **instances}


def _tags(given: tuple[str, ...]) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for tag in given:
        key, equals, values = tag.partition("=")
        if not (key and equals):
            raise UsageProblem("--tag", f"{tag!r} is not KEY=VALUE or KEY=VALUE,VALUE")
        tags.setdefault(key, []).extend(values.split(","))
    return tags


def full_name(name: str, runs: Path) -> str:
    """An instance as account/region/id; a bare id is looked up in the ledgers of earlier runs, the newest first.

    Raises:
        UsageProblem: No ledger names that id.
    """
    if not BARE_INSTANCE.match(name):
        return name
    for ledger in sorted(runs.glob("*Z-*/ledger.jsonl"), reverse=True):
        # By bytes: a name from EC2 may hold what str.splitlines takes for the end of a line.
        for line in map(json.loads, ledger.read_bytes().splitlines()):
            if line["instance"] == name:
                return f"{line['account']}/{line['region']}/{name}"
    raise UsageProblem("--instance", f"no ledger in {runs}/ names {name}; write ACCOUNT/REGION/{name}")


def explain(error: InvalidRequest) -> UsageProblem:
    """A refused request as a usage problem at its JSON pointer."""
    return UsageProblem(f"request {error.pointer or '(as a whole)'}", error.sentence)
