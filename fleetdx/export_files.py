"""The files that a run leaves for other readers, by the name under which a request asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Export = Literal["xlsx", "csv", "ocsf", "ocsf_full"]
"""The names in a request's `exports`; fleetdx/schemas/scan_request.schema.json says what is written by default."""

FILES: Final[Mapping[Export, tuple[str, ...]]] = {
    "xlsx": ("report.xlsx",),
    "csv": ("results.csv", "ledger.csv"),
    "ocsf": ("findings.ocsf.jsonl",),
    "ocsf_full": ("findings.full.ocsf.jsonl",),
}
ALL_FILES: Final = tuple(name for names in FILES.values() for name in names)
