"""Render report.html: one self-contained file that asks no host for anything and runs no script.

What keeps hostile text from doing anything in it is in fleetdx/reporting/pages.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetdx.models import LEDGER_STATES, SEVERITIES, VERDICTS
from fleetdx.reporting.changes import change_totals, left_off
from fleetdx.reporting.exclusions import excluded_sentence, exclusions_to_tell
from fleetdx.reporting.host_pages import host_page_name
from fleetdx.reporting.messages import translator
from fleetdx.reporting.pages import MadeOnce, content_security_policy, environment, style_sheet
from fleetdx.reporting.requesters import requested_by
from fleetdx.reporting.score_trend import ScoreChart
from fleetdx.reporting.view import GAPS_FIRST, MOST_ROWS, Page
from fleetdx.reporting.waivers import sum_of, waivers_to_tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.run_models import Summary


def render_html(
    summary: Summary,
    ledger: Iterable[LedgerLine],
    results: Iterable[ResultLine],
    catalog: Catalog,
    language: Language = "en",
    *,
    has_host_pages: bool = False,
) -> str:
    """Render the whole page; reads `ledger` and `results` once each. It leads to host pages only where there are some.

    Up to 300 instances every host is shown; above that the ranked worst ones, and the page says where the rest is.
    Raises UnknownProfileError and UnknownVerdictError.
    """
    templates = environment("fleetdx.reporting")
    changes = summary.get("changes")
    trend = summary.get("trend")
    style = style_sheet(templates, "report.css", "score.css")
    return templates.get_template("report.html").render(
        page=Page(summary, ledger, results, catalog, language),
        summary=summary,
        requested_by=requested_by(summary, language),
        changes=changes,
        trend=trend,
        chart=ScoreChart(trend["points"]) if trend else None,
        host_page=host_page_name if has_host_pages else None,
        waivers=waivers_to_tell(summary),
        exclusions=exclusions_to_tell(summary),
        excluded=excluded_sentence(summary, translator(language)),
        notes=summary.get("notes", []),
        waived=sum_of(summary["totals"]["waived"]),
        change_totals=change_totals(changes) if changes else {},
        changes_left_off=left_off(changes, len(changes["first"])) if changes else 0,
        language=language,
        t=translator(language),
        made_once=MadeOnce(),
        style=style,
        policy=content_security_policy(style),
        severities=SEVERITIES,
        states=LEDGER_STATES,
        verdicts=VERDICTS,
        gaps_first=GAPS_FIRST,
        most_rows=MOST_ROWS,
    )
