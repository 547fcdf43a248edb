"""The fixed texts of reports and the terminal, in English and in Korean.

They are kept in each report's templates/messages.en.json and templates/messages.ko.json, a line a text. A key that ends
in `.one` is the singular of its neighbor. What a reason code means, and what to do about it, is in
fleetdx/reasons.json; the causes of a sweep are in fleetdx/coverage/causes.json.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Protocol

from fleetdx.reasons import is_documented, reasons

if TYPE_CHECKING:
    from fleetdx.models import Language, LedgerState, LocalizedText


class Translate(Protocol):
    """Looks a fixed text up and fills in its values."""

    def __call__(self, key: str, count: int | None = None, **values: object) -> str:
        """Return the text for `key`; with `count` 1 the singular, where the language has one."""


REPORTING: Final = "fleetdx.reporting"
"""The package of the scan's report; each report's texts are in its own package."""

COVERAGE: Final = "fleetdx.reporting.coverage"
"""The package of the sweep's report."""


@functools.cache
def texts(language: Language, package: str = REPORTING) -> dict[str, str]:
    """Return every fixed text of a language by its key; read once a process, and not to be changed."""
    source = resources.files(package).joinpath("templates", f"messages.{language}.json")
    table: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return table


def translator(language: Language, package: str = REPORTING) -> Translate:
    """Return the function that looks up fixed texts in one language; it raises KeyError for a text nobody wrote."""
    table = texts(language, package)

    def translate(key: str, count: int | None = None, **values: object) -> str:
        if count is not None:
            values["count"] = f"{count:,}"
            key = f"{key}.one" if count == 1 and f"{key}.one" in table else key
        return table[key].format(**values)

    return translate


def remedy_for_reason(language: Language, state: LedgerState, reason: str) -> str:
    """Say what a person does about an instance or account-region that was not scanned.

    Answers by the reason code where that is documented, else by the ledger state; empty where nothing needs to be done.
    """
    if is_documented(reason):
        return reasons()[reason]["remedy"][language]
    return texts(language)[f"remedy.{state}"]


def cause_for_reason(language: Language, reason: str) -> str:
    """Say what a reason code means, for a reader whose language the ledger's `detail` is not written in.

    Empty in English, where the detail says the same and more, and where the code is not documented.
    """
    if language == "en" or not is_documented(reason):
        return ""
    return reasons()[reason]["cause"][language]


def localized(text: LocalizedText | dict[str, Any], language: Language) -> str:
    """Pick a text's sentence in a language; where that is missing or empty, the English one."""
    return str(text.get(language) or text["en"])
