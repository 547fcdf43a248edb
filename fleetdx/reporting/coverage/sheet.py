"""coverage.csv: a row for each line of the sweep, that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from fleetdx.reporting.text import inert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.coverage.models import Control, CoverageLine

COLUMNS: Final = (
    "kind",
    "sweep",
    "account",
    "account_name",
    "region",
    "instance",
    "instance_name",
    "instance_state",
    "platform",
    "ami",
    "image_name",
    "vpc",
    "subnet",
    "instance_profile",
    "role",
    "cause",
    "reason",
    "detail",
    "mendable",
    "ping_status",
    "last_ping_at",
    "agent_version",
    "install_command",
    "session_manager",
    "patch_compliance",
    "unmanaged_since",
    "instances",
    "at",
)
CONTROL_COLUMNS: Final = ("control_status", "control_updated_at", "control_disagreement")


def coverage_csv(lines: Iterable[CoverageLine]) -> bytes:
    """The sheet as UTF-8 with a byte order mark, without which Excel guesses another encoding.

    An apostrophe goes before whatever a spreadsheet would take for a formula, as OWASP's page on CSV injection says;
    coverage.jsonl has every text as it was. What is None is an empty cell. Every line of the file is one row.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([*COLUMNS, *CONTROL_COLUMNS])
    for line in lines:
        writer.writerow([inert(line[column]) for column in COLUMNS] + _control_cells(line["control"]))
    return out.getvalue().encode("utf-8-sig")


def _control_cells(control: Control | None) -> list[str]:
    if control is None:
        return [""] * len(CONTROL_COLUMNS)
    return [inert(control["status"]), inert(control["updated_at"]), inert(control["disagreement"])]
