"""Render report.html: one self-contained file that asks no host for anything and runs no script.

Everything that comes from outside passes two gates on its way into the page: `one_line` or `visible` writes hidden
characters out (the environment's `finalize`, so that no expression in a template can forget it), and autoescaping
takes every markup character its meaning. A Content-Security-Policy with the style sheet's hash is the third: even
markup that slipped through could load and run nothing.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fleetdx.models import LEDGER_STATES, SEVERITIES, VERDICTS
from fleetdx.reporting.messages import translator
from fleetdx.reporting.text import moment, one_line, visible
from fleetdx.reporting.view import GAPS_FIRST, MOST_ROWS, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.models import Catalog, Language, LedgerLine, ResultLine, Summary


def render_html(
    summary: Summary,
    ledger: Iterable[LedgerLine],
    results: Iterable[ResultLine],
    catalog: Catalog,
    language: Language = "en",
) -> str:
    """Render the whole page; reads `ledger` and `results` once each.

    Up to 300 instances every host is shown; above that the ranked worst ones, and the page says where the rest is.
    Raises UnknownProfileError and UnknownVerdictError.
    """
    environment = _environment()
    style = _style(environment)
    return environment.get_template("report.html").render(
        page=Page(summary, ledger, results, catalog, language),
        summary=summary,
        language=language,
        t=translator(language),
        style=Markup(style),  # noqa: S704  our own file, and a test shows that it closes no element
        policy=content_security_policy(style),
        severities=SEVERITIES,
        states=LEDGER_STATES,
        verdicts=VERDICTS,
        gaps_first=GAPS_FIRST,
        most_rows=MOST_ROWS,
    )


def content_security_policy(style: str) -> str:
    """Return a policy under which this page may use this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fleetdx.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_show_hidden,
    )
    environment.filters["one_line"] = one_line
    environment.filters["number"] = "{:,}".format
    environment.filters["moment"] = moment
    environment.filters["prose"] = _prose
    return environment


def _show_hidden(value: object) -> object:
    """Write hidden characters out in whatever an expression of a template comes to; our own markup stays as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _prose(text: str) -> Markup:
    """Set what stands between backticks as code; everything is escaped, whether it is code or not."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an unpaired backtick: show the text as it was written
        parts = [text]
    code = Markup("<code>{}</code>")
    shown = [code.format(visible(part)) if place % 2 else escape(visible(part)) for place, part in enumerate(parts)]
    return Markup().join(shown)


def _style(environment: Environment) -> str:
    # Read through the loader, so that it is found wherever the package is, and the hash is of exactly what is sent.
    assert environment.loader is not None
    return environment.loader.get_source(environment, "report.css")[0]
