"""Render coverage.html: one self-contained file that asks no host for anything and runs no script.

What keeps hostile text from doing anything in it is in fleetdx/reporting/pages.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetdx.reporting.coverage.view import MOST_ROWS, UNCHECKED_FIRST, Page
from fleetdx.reporting.messages import COVERAGE, REPORTING, translator
from fleetdx.reporting.pages import content_security_policy, environment, style_sheet
from fleetdx.reporting.requesters import requested_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.coverage.models import CoverageLine, CoverageSummary
    from fleetdx.models import Language


def render_coverage(summary: CoverageSummary, lines: Iterable[CoverageLine], language: Language = "en") -> str:
    """Render the whole page; reads `lines` once.

    At most 500 unmanaged instances are shown one by one, of each cause and account-region some; the page says where the
    rest is.
    """
    templates = environment(COVERAGE, REPORTING)
    style = style_sheet(templates, "report.css", "sweep.css")
    return templates.get_template("sweep.html").render(
        page=Page(summary, lines, language),
        summary=summary,
        requested_by=requested_by(summary, language),
        language=language,
        t=translator(language, COVERAGE),
        style=style,
        policy=content_security_policy(style),
        most_rows=MOST_ROWS,
        unchecked_first=UNCHECKED_FIRST,
    )
