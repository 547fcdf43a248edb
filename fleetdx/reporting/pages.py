"""What every HTML page is made with: templates, one style sheet, and a policy that allows nothing else.

Everything that comes from outside passes two gates on its way into a page: `one_line` or `visible` writes hidden
characters out (the environment's `finalize`, so that no expression in a template can forget it), and autoescaping
takes every markup character its meaning. A Content-Security-Policy with the style sheet's hash is the third: even
markup that slipped through could load and run nothing.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fleetdx.reporting.text import day, moment, one_line, visible

if TYPE_CHECKING:
    from collections.abc import Hashable

    from jinja2.runtime import Macro


class MadeOnce:
    """Calls a template's macro once for the same arguments, and afterwards gives what it gave then.

    For what thousands of findings show alike, such as the remedy of a check: it is most of what a host page costs. One
    belongs to one page, or to pages that show the same words for the same arguments.
    """

    def __init__(self) -> None:
        """Begin with nothing made."""
        self._made: dict[tuple[Hashable, ...], str] = {}

    def __call__(self, macro: Macro, *arguments: Hashable) -> str:
        """What the macro gives for these arguments."""
        known = macro.name, *arguments
        if known not in self._made:
            self._made[known] = macro(*arguments)
        return self._made[known]


@functools.cache
def environment(*packages: str) -> Environment:
    """The templates of packages (`fleetdx.reporting`); what the first has not, the next may have."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_show_hidden,
    )
    made.filters["one_line"] = one_line
    made.filters["number"] = "{:,}".format
    made.filters["moment"] = moment
    made.filters["day"] = day
    made.filters["prose"] = _prose
    return made


def style_sheet(templates: Environment, *names: str) -> Markup:
    """The style sheets by these names as one; our own files, and tests show that they close no element."""
    # Read through the loader, so that they are found wherever the package is, and the hash is of exactly what is sent.
    assert templates.loader is not None
    sheets = [templates.loader.get_source(templates, name)[0] for name in names]
    return Markup("\n").join(map(Markup, sheets))


def content_security_policy(style: str) -> str:
    """Return a policy under which a page may use this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


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
