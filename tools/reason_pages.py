"""Writes docs/reasons.md and docs/reasons.ko.md: each reason code, what happened, what to do, and the test for it.

python -m tools.reason_pages [--check]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from fleetdx.models import GAP_STATES, LEDGER_STATES
from fleetdx.reasons import reasons
from tools.markdown import table, write_or_check
from tools.reason_tests import reaching_tests
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fleetdx.models import Language, LedgerState
    from fleetdx.reasons import Reason
    from tools.reason_tests import MarkedTest

STATES = sorted(LEDGER_STATES, key=lambda state: state not in GAP_STATES)
"""Gaps first, otherwise in their own order."""


class Words(NamedTuple):
    """What a page says in one language beside the reasons themselves."""

    file: str
    head: str
    states: dict[LedgerState, str]
    between: str
    """Heading and sentence before the outcomes of mending."""
    outcomes: dict[str, str]
    columns: tuple[str, str, str, str]
    tellers: dict[str, str]
    """Sentences for the kinds of teller; `{names}` are their parts after the slash."""
    between_names: str
    retried: str
    coming: str


ENGLISH = Words(
    "reasons.md",
    """\
# Reasons

Why an instance, or an account in one region, ended a run in its state. `ledger.jsonl`, `summary.json`, the report and
the terminal carry these codes and no others. What no code stands for is `unexpected`, with its text, and a gap.
한국어: [reasons.ko.md](reasons.ko.md)

`make format` writes this page from `fleetdx/reasons.json` and from the tests; a test keeps it true.
""",
    {
        "scan_failed": "A gap: no verified result came back.",
        "not_managed": "A gap: it runs, and Systems Manager does not reach it.",
        "scanned": "No gap: the verdicts of the instance are known, or the account-region was entered.",
        "stopped": "No gap: there was nothing to scan.",
        "unsupported": "No gap: it cannot be scanned.",
        "excluded": "No gap: left out on purpose.",
    },
    """\
# Reasons of mending

Why an execution of `ensure_ssm_ready` ended as it did, and what became of an event. They are in no ledger.
""",
    {
        "failed": "Told to Slack: it is not managed, or nobody knows.",
        "reported": "Told to Slack: something is missing, and was left so.",
        "mended": "Told to Slack: something was missing, and is no more.",
        "announced": "Told to Slack once: something is wrong with configuration or exemptions.",
        "ready": "Nothing was missing.",
        "exempt": "Left alone on purpose.",
        "gone": "It does not run.",
        "refused": "An event that went to the dead-letter queue.",
        "started": "An event that an execution was started for.",
        "duplicate": "An event that an earlier execution takes care of.",
        "ignored": "An event of another kind.",
    },
    ("Reason", "What happened", "What to do", "Test that reaches it"),
    {
        "host": "told by the host, step {names}",
        "ssm": "told by Systems Manager",
        "error": "told by the error {names}",
        "function": "told by {names}",
        "anything_else": "told by any other error",
    },
    " or ",
    "tried again by itself",
    "Nothing tells it yet.",
)
KOREAN = Words(
    "reasons.ko.md",
    """\
# 사유 코드

인스턴스 또는 계정·리전이 해당 상태로 끝난 이유입니다. `ledger.jsonl`, `summary.json`, 보고서, 터미널에는 이 코드만
나옵니다. 해당하는 코드가 없으면 `unexpected`로 원문과 함께 기록하며 미점검으로 봅니다.
English: [reasons.md](reasons.md)

`make format`이 `fleetdx/reasons.json`과 테스트를 바탕으로 작성하며, 내용이 맞는지는 테스트가 확인합니다.
""",
    {
        "scan_failed": "미점검입니다. 검증된 결과를 받지 못하였습니다.",
        "not_managed": "미점검입니다. 실행 중이나 Systems Manager로 접근할 수 없습니다.",
        "scanned": "점검이 완료되었거나 계정·리전에 접근하였습니다.",
        "stopped": "미점검으로 보지 않습니다. 실행 중이 아니어서 점검할 것이 없습니다.",
        "unsupported": "미점검으로 보지 않습니다. 점검을 지원하지 않습니다.",
        "excluded": "미점검으로 보지 않습니다. 운영자가 제외하였습니다.",
    },
    """\
# 관리 상태 조치의 사유 코드

`ensure_ssm_ready` 실행이 그렇게 끝난 이유와, 이벤트가 어떻게 처리되었는지를 나타냅니다. 점검 현황에는 나오지 않습니다.
""",
    {
        "failed": "Slack으로 알립니다. 관리되지 않고 있거나 확인하지 못하였습니다.",
        "reported": "Slack으로 알립니다. 부족한 것이 있으나 그대로 두었습니다.",
        "mended": "Slack으로 알립니다. 부족한 것을 조치하였습니다.",
        "announced": "Slack으로 한 번 알립니다. 설정이나 예외에 문제가 있습니다.",
        "ready": "부족한 것이 없습니다.",
        "exempt": "운영자가 예외로 두었습니다.",
        "gone": "실행 중이 아닙니다.",
        "refused": "배달 못한 편지 대기열(DLQ)로 보낸 이벤트입니다.",
        "started": "실행을 시작한 이벤트입니다.",
        "duplicate": "앞선 실행이 처리하는 이벤트입니다.",
        "ignored": "다른 종류의 이벤트입니다.",
    },
    ("사유", "원인", "조치 방법", "확인 테스트"),
    {
        "host": "호스트의 {names} 단계에서 보고",
        "ssm": "Systems Manager에서 보고",
        "error": "{names} 오류",
        "function": "{names}에서 판단",
        "anything_else": "그 밖의 모든 오류",
    },
    ", ",
    "자동 재시도",
    "아직 쓰이지 않는 코드입니다.",
)
LANGUAGES: dict[Language, Words] = {"en": ENGLISH, "ko": KOREAN}


def _tellers(reason: Reason, words: Words) -> list[str]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for by in reason["told_by"]:
        kind, _, name = by.partition("/")
        names[kind].append(f"`{name}`")
    return [words.tellers[kind].format(names=words.between_names.join(found)) for kind, found in names.items()]


def _row(code: str, reason: Reason, tests: list[MarkedTest], language: Language) -> tuple[str, ...]:
    words = LANGUAGES[language]
    remark = ", ".join(_tellers(reason, words) + ([words.retried] if reason["retried"] else []))
    happened = f"{reason['cause'][language]}<br>{remark[0].upper()}{remark[1:]}."
    named = "<br>".join(f"`{test.node}`" for test in tests)
    return f"`{code}`", happened, reason["remedy"][language], named or (words.coming if "coming" in reason else "")


def _sections(heads: Mapping[str, str], of: Literal["states", "outcomes"], language: Language) -> Iterator[str]:
    """A section with the reasons of each state or outcome, where there are any."""
    tests = reaching_tests()
    for name, sentence in heads.items():
        rows = [
            _row(code, reason, tests.get(code, []), language)
            for code, reason in reasons().items()
            if name in reason.get(of, [])
        ]
        if rows:
            yield from (f"## {name}", "", sentence, "", *table(LANGUAGES[language].columns, rows))


def page(language: Language) -> str:
    """One page, as Markdown."""
    words = LANGUAGES[language]
    in_order: dict[str, str] = {state: words.states[state] for state in STATES}
    lines = [words.head, *_sections(in_order, "states", language), words.between]
    return "\n".join([*lines, *_sections(words.outcomes, "outcomes", language)]).rstrip() + "\n"


def pages() -> dict[Path, str]:
    """Both pages by their files."""
    return {PROJECT / "docs" / words.file: page(language) for language, words in LANGUAGES.items()}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say whether they are as written."""
    return write_or_check(pages(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
