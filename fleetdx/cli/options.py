"""The options of the command line: their types and what `--help` says of them."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

SCOPE, LIMITS, RUNS, OUTPUT = "Scope", "How", "A run that exists", "What is told"


class FailOn(enum.StrEnum):
    """The severities of --fail-on."""

    high = "high"
    medium = "medium"
    low = "low"


class DeliveryName(enum.StrEnum):
    """The ways of --delivery."""

    auto = "auto"
    s3 = "s3"
    inline = "inline"


class ExportName(enum.StrEnum):
    """The names of --export."""

    xlsx = "xlsx"
    csv = "csv"
    ocsf = "ocsf"
    ocsf_full = "ocsf_full"
    none = "none"


class Language(enum.StrEnum):
    """The languages of tables."""

    en = "en"
    ko = "ko"


Instances = Annotated[
    list[str] | None,
    typer.Option(
        help="Only this instance: ACCOUNT/REGION/ID, or a bare id that an earlier run's ledger names. Repeatable.",
        rich_help_panel=SCOPE,
    ),
]
Accounts = Annotated[
    list[str] | None, typer.Option(help="Only this account (12 digits). Repeatable.", rich_help_panel=SCOPE)
]
OrganizationalUnits = Annotated[
    list[str] | None,
    typer.Option(help="Only accounts below this unit (ou-... or r-...). Repeatable.", rich_help_panel=SCOPE),
]
Regions = Annotated[
    list[str] | None,
    typer.Option(help="Only this region. Repeatable; without it, the deployed regions.", rich_help_panel=SCOPE),
]
Tags = Annotated[
    list[str] | None,
    typer.Option(help="Only instances with this EC2 tag: KEY=VALUE[,VALUE]. Repeatable.", rich_help_panel=SCOPE),
]
Roots = Annotated[
    list[Path] | None,
    typer.Option(
        help="Add an unpacked root of a Linux distribution as a host; without another scope, scan only it.",
        rich_help_panel=SCOPE,
    ),
]
Request = Annotated[
    Path | None,
    typer.Option(
        help="A scan request as JSON (- for standard input) instead of the options above and below; "
        "scan_request.schema.json in fleetdx/schemas/ describes it.",
        rich_help_panel=SCOPE,
    ),
]
Profile = Annotated[str | None, typer.Option(help="The set of checks; default kisa_unix_2026.", rich_help_panel=LIMITS)]
Checks = Annotated[
    list[str] | None,
    typer.Option(help="Only this item (U-01) or check (root_ssh_login_denied). Repeatable.", rich_help_panel=LIMITS),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List what would be scanned; send nothing.", rich_help_panel=LIMITS)
]
ExecutionTimeout = Annotated[
    int | None, typer.Option(help="Seconds for the scanner on one host.", rich_help_panel=LIMITS)
]
DeliveryTimeout = Annotated[
    int | None, typer.Option(help="Seconds in which a host has to take its command.", rich_help_panel=LIMITS)
]
MaxConcurrency = Annotated[
    str | None,
    typer.Option(help="Hosts at a time in one command: a number or a percentage.", rich_help_panel=LIMITS),
]
MaxErrors = Annotated[
    str | None,
    typer.Option(help="Errors after which one command stops: a number or a percentage.", rich_help_panel=LIMITS),
]
CanaryTargets = Annotated[
    list[str] | None,
    typer.Option(
        "--canary",
        metavar="ACCOUNT/REGION",
        help="Scan a few instances of this account and region first; where one of them fails by the checks, or none is "
        "scanned, nothing else is sent. Repeatable, up to 10.",
        rich_help_panel=LIMITS,
    ),
]
CanaryInstances = Annotated[
    int | None,
    typer.Option(
        help="How many instances of each --canary go first, up to 50; default 5. They are not scanned twice.",
        rich_help_panel=LIMITS,
    ),
]
IgnoreWindows = Annotated[
    bool,
    typer.Option(
        "--ignore-windows",
        help="Start everywhere now, whatever quiet hours and windows the operator wrote (config/windows.json); without "
        "it, an account outside of its window waits, at most 24 hours.",
        rich_help_panel=LIMITS,
    ),
]
Delivery = Annotated[
    DeliveryName | None,
    typer.Option(
        help="How checks reach a host and its result comes back: by S3; inline, inside the command and its output; or "
        "auto (default), inline where a host has no way to S3.",
        rich_help_panel=LIMITS,
    ),
]
MaxAttempts = Annotated[
    int | None,
    typer.Option(
        help="How often a host is tried that was not reached, was busy or had no network: 1 to 5, default 3.",
        rich_help_panel=LIMITS,
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force", help="Start although another run of the whole organization has not ended.", rich_help_panel=LIMITS
    ),
]
ConfigurationFile = Annotated[
    Path | None,
    typer.Option("--configuration", metavar="FILE", help="The configuration, as it is to go to Parameter Store."),
]
ExemptionsFile = Annotated[
    Path | None,
    typer.Option("--exemptions", metavar="FILE", help="The exemptions, as they are to go to config/exemptions.json."),
]
WindowsFile = Annotated[
    Path | None,
    typer.Option(
        "--windows", metavar="FILE", help="Quiet hours and windows, as they are to go to config/windows.json."
    ),
]
NotificationRoutesFile = Annotated[
    Path | None,
    typer.Option(
        "--notification-routes",
        metavar="FILE",
        help="Routes to owners, as they are to go to config/notification-routes.json.",
    ),
]
OperatorsFile = Annotated[
    Path | None,
    typer.Option("--operators", metavar="FILE", help="Who may ask for what, as it is to go to config/operators.json."),
]
Faults = Annotated[
    Path | None,
    typer.Option(
        help="Let what this file names go wrong on the embedded AWS; emulator/faults/ has one, and says how.",
        rich_help_panel=LIMITS,
    ),
]
Resume = Annotated[
    str | None,
    typer.Option(
        metavar="RUN",
        help="Go on with a run that has died, was stopped or ended with gaps; what has a verified result is kept.",
        rich_help_panel=RUNS,
    ),
]
Stop = Annotated[
    str | None,
    typer.Option(
        metavar="RUN",
        help="Stop a run, whoever started it: cancel its commands, end its executions, close its ledger.",
        rich_help_panel=RUNS,
    ),
]
Output = Annotated[
    Path, typer.Option(help="Where runs leave report, ledger, results and histories.", rich_help_panel=OUTPUT)
]
Exports = Annotated[
    list[ExportName] | None,
    typer.Option(
        "--export",
        help="Files for other readers, beside the report: xlsx (report.xlsx, the form that Korean audits use), csv "
        "(results.csv, ledger.csv), ocsf (findings.ocsf.jsonl, for a SIEM: what has changed since it was told last), "
        "ocsf_full (findings.full.ocsf.jsonl: everything, to load a SIEM the first time). Repeatable; without it xlsx, "
        "csv and ocsf, with none no such file. Their language is the stack's NotificationLanguage.",
        rich_help_panel=OUTPUT,
    ),
]
FailOnSeverity = Annotated[
    FailOn | None,
    typer.Option(help="Exit with 3 if there are findings of this severity or a higher one.", rich_help_panel=OUTPUT),
]
TableLanguage = Annotated[Language, typer.Option(help="Language of what is printed.", rich_help_panel=OUTPUT)]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document (the run's summary).", rich_help_panel=OUTPUT)
]
EventFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="One event as JSON (- for standard input): an EventBridge event as it is, inside of an SNS notification, "
        "as Control Tower's forwarder writes it anew, or in the body of an SQS message. emulator/events/examples/ has "
        "one of each.",
    ),
]
MendingConfiguration = Annotated[
    Path | None,
    typer.Option(
        "--configuration",
        metavar="FILE",
        help="Put this configuration of mending in the place of the one in force first; "
        "fleetdx/schemas/configuration.schema.json describes it. As shipped nothing is changed, only reported.",
    ),
]
EventMetrics = Annotated[
    Path | None,
    typer.Option(
        "--metrics",
        metavar="FILE",
        help="Write what the event cost to this file, for `fleetdx cost FILE`; docs/cost.md.",
    ),
]
EventAsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]
Mend = Annotated[
    bool,
    typer.Option(
        "--mend",
        help="Hand every instance that can be mended to ensure_ssm_ready and wait for it; "
        "it does what the configuration allows, which as shipped is nothing.",
        rich_help_panel=LIMITS,
    ),
]
EveryCause = Annotated[
    bool,
    typer.Option(
        "--every-cause",
        help="Add one instance for each cause to the embedded organization, with its network, roles and policies.",
        rich_help_panel=LIMITS,
    ),
]
FailOnUnmanaged = Annotated[
    bool,
    typer.Option(
        "--fail-on-unmanaged",
        help="Exit with 3 if a running instance is not managed and is neither exempt nor unsupported.",
        rich_help_panel=OUTPUT,
    ),
]
CoverageAsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document (the sweep's summary).", rich_help_panel=OUTPUT)
]
