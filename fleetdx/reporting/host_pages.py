"""A page for each host: every item with verdict, reason, evidence, failing since, waiver and remedy.

They are rendered one at a time, each from the results of its host alone, so that memory does not follow the fleet.
What keeps hostile text from doing anything in them is in fleetdx/reporting/pages.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fleetdx.models import SEVERITIES, WORST_VERDICT_FIRST
from fleetdx.reporting.hosts import Host, host_of
from fleetdx.reporting.lines import SeenResults, read_ledger
from fleetdx.reporting.messages import translator
from fleetdx.reporting.pages import MadeOnce, content_security_policy, environment, style_sheet
from fleetdx.reporting.score import ScoreTally
from fleetdx.reporting.summary import rank
from fleetdx.reporting.view import Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine
    from fleetdx.reporting.lines import InstanceKey
    from fleetdx.run_models import FindingCounts, Score, Summary

CHARACTERS_OF_A_LINE: Final = 2_000
LINES: Final = 200
"""Of evidence of one result, as far as a host page shows them; the rest is in results.jsonl."""

_NOT_IN_A_NAME: Final = re.compile("[^A-Za-z0-9-]")


def host_page_name(key: InstanceKey) -> str:
    """The name of a host's page; nothing in it leads to another directory, whatever the ledger says."""
    return f"{_NOT_IN_A_NAME.sub('_', '-'.join(key))}.html"


@dataclass(frozen=True)
class IndexRow:
    """One host as the list of all hosts shows it; `page` is the name of its page."""

    key: InstanceKey
    name: str | None
    account_name: str
    counts: FindingCounts
    page: str


class HostPages:
    """Renders the pages of a run's hosts, and then the list of those it has rendered.

    Attributes:
        rows: The hosts that have been rendered; those that others have rendered may be added.
    """

    def __init__(self, summary: Summary, ledger: Iterable[LedgerLine], catalog: Catalog, language: Language) -> None:
        """Read the ledger once. Raises UnknownProfileError."""
        self._subjects = read_ledger(ledger)
        templates = environment("fleetdx.reporting")
        style = style_sheet(templates, "report.css", "score.css")
        self._host = templates.get_template("host.html")
        self._index = templates.get_template("host_index.html")
        self._common: dict[str, Any] = {
            "page": Page(summary, (), (), catalog, language),
            "summary": summary,
            "language": language,
            "t": translator(language),
            "made_once": MadeOnce(),
            "style": style,
            "policy": content_security_policy(style),
            "severities": SEVERITIES,
            "order": WORST_VERDICT_FIRST,
        }
        self.rows: list[IndexRow] = []

    def __contains__(self, key: InstanceKey) -> bool:
        """Whether the ledger names the instance; results of another one are strays and get no page."""
        return key in self._subjects.instances

    def render(self, key: InstanceKey, results: Iterable[ResultLine]) -> str:
        """The page of one host, from all its results. Raises KeyError where the ledger does not name it."""
        host = host_of(key, self._subjects.instances[key])
        host.shown = {verdict: [] for verdict in WORST_VERDICT_FIRST}
        score = _filled(host, results)
        self.rows.append(IndexRow(key, host.name, host.account_name, host.counts, host_page_name(key)))
        return self._host.render(host=host, score=score, **self._common)

    def render_index(self) -> str:
        """The list of all hosts in `rows`, the worst first."""
        rows = sorted(self.rows, key=lambda row: rank(row.counts, row.key))
        return self._index.render(rows=rows, **self._common)


def _filled(host: Host, results: Iterable[ResultLine]) -> Score:
    tally = ScoreTally()
    for _, result in SeenResults().first_times(results):
        host.add(result, CHARACTERS_OF_A_LINE, LINES)
        tally.add(result)
    host.put_in_order()
    return tally.score()
