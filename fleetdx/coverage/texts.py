"""What each cause and reason means, and what a person does about it, in English and in Korean.

Kept in causes.json, which docs/coverage.md is written from. Remedies set commands between backticks; words in capitals
such as INSTANCE_ID stand for what the reader fills in.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

from fleetdx.coverage.models import Cause, Disagreement
from fleetdx.models import LocalizedText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.models import Language


class ReasonTexts(TypedDict):
    """What is told of one reason of a cause."""

    title: LocalizedText
    remedy: LocalizedText


class CauseTexts(TypedDict):
    """What is told of one cause."""

    title: LocalizedText
    meaning: LocalizedText
    reasons: dict[str, ReasonTexts]


class DisagreementTexts(TypedDict):
    """What is told where Security Hub's SSM.1 says something else than Systems Manager."""

    title: LocalizedText
    explanation: LocalizedText


class Texts(TypedDict):
    """causes.json; causes and reasons in the order in which a page lists them."""

    schema: int
    causes: dict[Cause, CauseTexts]
    disagreements: dict[Disagreement, DisagreementTexts]


class ReasonText(NamedTuple):
    """A reason in one language; `remedy` is empty where nothing is known of the reason."""

    title: str
    remedy: str


@functools.lru_cache(maxsize=1)
def all_texts() -> Texts:
    """Every text; read once a process, and not to be changed."""
    text = resources.files("fleetdx.coverage").joinpath("causes.json").read_text(encoding="utf-8")
    return cast("Texts", json.loads(text))


def cause_title(cause: Cause, language: Language) -> str:
    """A cause in a few words."""
    return all_texts()["causes"][cause]["title"][language]


def has_several_reasons(cause: Cause) -> bool:
    """Whether a cause's title alone leaves open what is at fault."""
    return len(all_texts()["causes"][cause]["reasons"]) > 1


def cause_meaning(cause: Cause, language: Language) -> str:
    """A cause in one sentence."""
    return all_texts()["causes"][cause]["meaning"][language]


def reason_text(cause: Cause, reason: str, language: Language) -> ReasonText:
    """The reason of a cause; the cause's own title where an older or newer sweep tells a reason unknown here."""
    known: Mapping[str, ReasonTexts] = all_texts()["causes"][cause]["reasons"]
    if reason not in known:
        return ReasonText(cause_title(cause, language), "")
    return ReasonText(known[reason]["title"][language], known[reason]["remedy"][language])


def disagreement_text(disagreement: Disagreement, language: Language) -> ReasonText:
    """Why SSM.1 says something else, and what follows from it."""
    known = all_texts()["disagreements"][disagreement]
    return ReasonText(known["title"][language], known["explanation"][language])
