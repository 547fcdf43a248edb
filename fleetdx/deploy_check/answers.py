"""The answer to a question: its verdict, what was found, and what to do. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from fleetdx.deploy_check.catalog import OUT_OF_REACH, QUESTIONS
from fleetdx.deploy_check.readings import Reading, Unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
Verdict = Literal["pass", "fail", "unknown", "notapplicable"]
"""Words of XCCDF 1.2 ("rule result")."""


@dataclass(frozen=True)
class Judgement:
    """What a question's judge says of what was read; without a remedy of its own, the question's holds."""

    verdict: Verdict
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Answer:
    """One line of the table.

    Attributes:
        question: Code of the question, a key of QUESTIONS.
        place: The account, with a region where it is about one.
        verdict: `unknown` where the answer could not be had.
        found: A sentence.
        remedy: What to do; empty where nothing is to be done.
        missing_right: The right that the caller lacks, in IAM's words; None where none is known to be missing.
    """

    question: str
    place: str
    verdict: Verdict
    found: str
    remedy: str = ""
    missing_right: str | None = None


def passes(found: str) -> Judgement:
    """It is as it has to be."""
    return Judgement("pass", found)


def fails(found: str, remedy: str = "") -> Judgement:
    """It is not as it has to be."""
    return Judgement("fail", found, remedy)


def answered(question: str, place: str, reading: Reading[T], judge: Callable[[T], Judgement]) -> Answer:
    """The only way to an answer that passes: without a value the judge is not asked."""
    if isinstance(reading, Unseen):
        return unanswered(question, place, reading)
    judged = judge(reading.value)
    if judged.verdict in {"pass", "notapplicable"}:
        return Answer(question, place, judged.verdict, judged.found)
    return Answer(question, place, judged.verdict, judged.found, judged.remedy or QUESTIONS[question].remedy)


def unanswered(question: str, place: str, unseen: Unseen) -> Answer:
    """What was needed to judge could not be had."""
    if unseen.right is None:
        return Answer(question, place, "unknown", unseen.why, "Mend this and ask again.")
    remedy = f"Allow the caller {unseen.right}, or ask somebody who has it."
    if unseen.right.startswith("organizations:"):
        remedy += (
            " Organizations answers only its management account and delegates: a profile of one of them may be missing."
        )
    return Answer(question, place, "unknown", unseen.why, remedy, unseen.right)


def not_applicable(question: str, place: str, why: str) -> Answer:
    """The settings make the question void."""
    return Answer(question, place, "notapplicable", why)


def all_is_well(answers: Sequence[Answer]) -> bool:
    """Whether nothing failed and nothing stayed unknown."""
    return all(answer.verdict in {"pass", "notapplicable"} for answer in answers)


def document_of(answers: Sequence[Answer], *, after: bool) -> dict[str, Any]:
    """What `--json` prints."""
    counts = dict.fromkeys(("pass", "fail", "unknown", "notapplicable"), 0)
    for answer in answers:
        counts[answer.verdict] += 1
    return {
        "schema": 1,
        "when": "after" if after else "before",
        "counts": counts,
        "answers": [{**asdict(answer), "asks": QUESTIONS[answer.question].asks} for answer in answers],
        "out_of_reach": list(OUT_OF_REACH),
    }
