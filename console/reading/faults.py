"""The sentences of faults in Korean. Pure.

The checks of a request speak English, for the command line and for the causes of executions; here each of their
sentences has its Korean one. A sentence that is not known stays as it is, which a test forbids for every check.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fleetdx.models import Language

KOREAN: Final = tuple(
    (re.compile(pattern, re.DOTALL), korean)
    for pattern, korean in (
        (r"unknown field; known are (.+)", "알 수 없는 필드입니다. 쓸 수 있는 필드는 {0}입니다."),
        (r"is required", "반드시 있어야 합니다."),
        (r"is empty; give one of (.+)", "비어 있습니다. {0} 중 하나를 적어 주세요."),
        (r"(.+) is malformed; well-formed is (.+)", "{0}은(는) 형식이 맞지 않습니다. 올바른 예: {1}"),
        (r"(.+) does not match (.+)", "{0}은(는) 형식이 맞지 않습니다."),
        (r"(.+) is not of type '(.+)'", "{0}의 자료형이 맞지 않습니다. {1}이어야 합니다."),
        (r"(.+) is not one of (.+)", "{0}은(는) 쓸 수 없습니다. {1} 중 하나여야 합니다."),
        (r"(.+) is less than the minimum of (.+)", "{0}은(는) 최솟값 {1}보다 작습니다."),
        (r"(.+) is greater than the maximum of (.+)", "{0}은(는) 최댓값 {1}보다 큽니다."),
        (r"(.+) has non-unique elements", "같은 값이 두 번 이상 들어 있습니다."),
        (r"(.+) is too long", "너무 깁니다."),
        (r"(.+) is too short|(.+) should be non-empty", "비어 있거나 너무 짧습니다."),
        (r"(.+) has too many properties", "하나만 적어 주세요."),
        (r"(.+) does not have enough properties", "비어 있습니다."),
        (r"(.+) was expected", "{0}이어야 합니다."),
        (r"the request has (.+) bytes; at most (.+) are read", "요청이 {0}바이트입니다. {1}바이트까지만 읽습니다."),
        (r"it is nested too deeply to be read", "너무 깊게 중첩되어 읽을 수 없습니다."),
        (r"it holds half a character .+", "유니코드 문자열이 아닌 값이 들어 있습니다."),
        (
            r"no region is given and the stack names none; give at least one",
            "리전이 없고 스택에도 지정된 리전이 없습니다. 하나 이상 적어 주세요.",
        ),
        (r"(.+) is not a region of AWS", "{0}은(는) AWS 리전이 아닙니다."),
        (r"(.+) lies outside the regions of this request", "{0}은(는) 이 요청의 리전 밖에 있습니다."),
        (
            r"delivery_timeout_seconds, execution_timeout_seconds .+ add up to (.+) s; signatures live (.+) s",
            "제한 시간을 모두 더하면 {0}초인데 서명은 {1}초 동안만 유효합니다.",
        ),
        (r"(.+) is unknown; known are (.+)", "{0}이라는 프로필이 없습니다. 쓸 수 있는 프로필: {1}"),
        (r"(.+) is neither an item nor a check of this profile", "{0}은(는) 이 프로필의 항목도 점검도 아닙니다."),
        (r"the organization has no unit (.+)", "조직에 {0}이라는 조직 단위가 없습니다."),
        (r"(.+) is no account-region that this run may enter", "{0}은(는) 이 실행이 점검하는 계정-리전이 아닙니다."),
    )
)


def in_language(sentence: str, language: Language) -> str:
    """A fault's sentence in a language."""
    if language == "en":
        return sentence
    for pattern, korean in KOREAN:
        found = pattern.fullmatch(sentence)
        if found:
            return korean.format(*(group or "" for group in found.groups()))
    return sentence
