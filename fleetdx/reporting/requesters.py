"""Who asked for a run or a sweep, who resumed it and who stopped it, in one line for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.reporting.messages import translator
from fleetdx.reporting.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.models import Language


def requested_by(summary: Mapping[str, Any], language: Language) -> str:
    """The line; hidden characters are written out. Of an old run nobody has proven who asked.

    Args:
        summary: Of a run or of a sweep.
        language: Of the line.
    """
    translate = translator(language)
    asked = _named({"arn": summary["requester"], "kind": summary.get("requester_kind", "unproven")}, language)
    others = [translate("requester.resumed", who=_named(one, language)) for one in summary.get("resumed_by", [])]
    if "stopped_by" in summary:
        others.append(translate("requester.stopped", who=_named(summary["stopped_by"], language)))
    return one_line("; ".join([asked, *others]))


def _named(requester: Mapping[str, Any], language: Language) -> str:
    return translator(language)(f"requester.{requester['kind']}", arn=requester["arn"])
