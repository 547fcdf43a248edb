"""Writes docs/checks.md and docs/checks.ko.md from the checks' and the profiles' metadata.

python -m tools.check_pages [--check]
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.markdown import table, write_or_check
from tools.scanner_tree import DEFAULT_SOURCE, Check, Profile, read_checks, read_profiles
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LANGUAGES = ("en", "ko")
SCHEMES = {"kisa_unix": "KISA", "fsi_srv": "FSI", "cis": "CIS", "ssg": "SSG"}


class Words(NamedTuple):
    """What a page says besides the metadata, in one language."""

    title: str
    introduction: str
    distributions: str
    distribution_rows: tuple[tuple[str, str], ...]
    profiles_heads: tuple[str, str, str, str]
    items_of: str
    severity: str
    severities: dict[str, str]
    why: str
    by_hand: str
    remedy: str
    thresholds: str
    threshold_heads: tuple[str, str]
    needs: dict[str, str]
    references: str
    no_item: str


ENGLISH = Words(
    title="Checks",
    introduction="""\
`make format` writes this page and [its Korean twin](checks.ko.md) from the checks' `check.json` and the profiles; a
test keeps it true. An item number never stands alone: guides renumber their items between editions.""",
    distributions="Distributions",
    distribution_rows=(
        ("distribution", "how it is tested"),
        ("Debian 12 and 13", "on real roots that `debootstrap` makes; Debian 12 on example hosts too"),
        (
            "Ubuntu 24.04, Rocky Linux 9, Amazon Linux 2023",
            "on example hosts: trees reconstructed from what their packages ship",
        ),
        (
            "Ubuntu 20.04 and 22.04, Amazon Linux 2, CentOS 7, Rocky Linux, RHEL and AlmaLinux 8",
            "on trees reconstructed from what their packages ship, partly from memory; no root of theirs was scanned",
        ),
        ("RHEL and AlmaLinux 9", "on the tree of Rocky Linux 9 under their names; no root of theirs was scanned"),
        (
            "Debian 11",
            "on a real root that `debootstrap` makes, by `make bench` only, which tests no verdict",
        ),
    ),
    profiles_heads=("profile", "edition", "items", "checks"),
    items_of="Items",
    severity="Severity",
    severities={"high": "high", "medium": "medium", "low": "low"},
    why="Why",
    by_hand="By hand",
    remedy="To mend",
    thresholds="Thresholds",
    threshold_heads=("parameter", "default"),
    needs={
        "needs_root": "Needs root.",
        "needs_live": "Needs a running host.",
        "needs_walk": "Reads the one walk over the local file systems.",
    },
    references="References",
    no_item="of no profile",
)
KOREAN = Words(
    title="점검 항목",
    introduction="""\
이 문서와 [영문판](checks.md)은 `make format`이 각 점검의 `check.json`과 프로파일에서 생성하며, 최신 상태인지 테스트로
확인합니다. 가이드는 판마다 항목 번호가 바뀌므로 항목 번호에는 항상 판(연도)을 함께 표기합니다.""",
    distributions="배포판별 검증 수준",
    distribution_rows=(
        ("배포판", "검증 방법"),
        ("Debian 12·13", "`debootstrap`으로 만든 실제 루트에서 시험, Debian 12는 예제 호스트에서도 시험"),
        ("Ubuntu 24.04, Rocky Linux 9, Amazon Linux 2023", "패키지 기본값으로 재구성한 예제 호스트에서 시험"),
        (
            "Ubuntu 20.04·22.04, Amazon Linux 2, CentOS 7, Rocky Linux·RHEL·AlmaLinux 8",
            "패키지 기본값(일부는 출처 미확인)으로 재구성한 트리에서 시험, 실제 루트는 점검하지 않음",
        ),
        ("RHEL·AlmaLinux 9", "Rocky Linux 9 트리에 배포판 이름만 바꾸어 시험, 실제 루트는 점검하지 않음"),
        (
            "Debian 11",
            "`make bench`에서만 `debootstrap`으로 만든 실제 루트를 점검(성능 측정용, 판정 결과는 시험하지 않음)",
        ),
    ),
    profiles_heads=("프로파일", "판", "항목 수", "점검 수"),
    items_of="해당 항목",
    severity="중요도",
    severities={"high": "상", "medium": "중", "low": "하"},
    why="필요성",
    by_hand="수동 점검",
    remedy="조치 방법",
    thresholds="기준값",
    threshold_heads=("파라미터", "기본값"),
    needs={
        "needs_root": "root 권한이 필요합니다.",
        "needs_live": "실행 중인 호스트에서만 판정할 수 있습니다.",
        "needs_walk": "로컬 파일시스템 전체를 한 번 탐색한 결과를 사용합니다.",
    },
    references="참고 기준",
    no_item="어느 프로파일에도 없음",
)
WORDS = {"en": ENGLISH, "ko": KOREAN}


def page_path(language: str) -> Path:
    """Where the page of a language lies."""
    return PROJECT / "docs" / ("checks.md" if language == "en" else f"checks.{language}.md")


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A table of which the first row is the head."""
    heads, *others = rows
    return table(heads, others)


def _profile_rows(words: Words, profiles: dict[str, Profile]) -> Iterator[tuple[str, ...]]:
    yield words.profiles_heads
    for name, profile in profiles.items():
        checks = {check for item in profile["items"] for check in item["checks"]}
        items = f"{len(profile['items'])} / {profile['items_in_edition']}"
        yield f"`{name}`", profile["edition"], items, str(len(checks))


def _items(name: str, profiles: dict[str, Profile], words: Words) -> str:
    """`KISA 2021 U-45, KISA 2026 U-06` for a check; a profile that only extends another names no item of its own."""
    named = [
        f"{profile['edition']} {item['item']}"
        for profile in profiles.values()
        for item in profile["items"]
        if name in item["checks"]
    ]
    return ", ".join(dict.fromkeys(named)) or words.no_item


def _thresholds(name: str, check: dict[str, Any], profiles: dict[str, Profile], words: Words) -> Iterator[str]:
    if not check["parameters"]:
        return
    users = {key: profile for key, profile in profiles.items() if any(name in i["checks"] for i in profile["items"])}
    rows: list[tuple[str, ...]] = [(*words.threshold_heads, *(f"`{key}`" for key in users))]
    for key, parameter in check["parameters"].items():
        values = [parameter["default"], *(p["parameters"].get(key, parameter["default"]) for p in users.values())]
        rows.append((f"`{key}`", *(f"`{value}`" for value in values)))
    yield f"{words.thresholds}:"
    yield ""
    yield from _table(rows)


def _reference(reference: dict[str, str]) -> str:
    edition = f" {reference['edition']}" if "edition" in reference else ""
    return f"{SCHEMES[reference['scheme']]}{edition} {reference['id']}"


def _check(name: str, check: Check, profiles: dict[str, Profile], language: str) -> Iterator[str]:
    words, data = WORDS[language], check.metadata
    yield f"### {name}"
    yield ""
    yield f"{data['title'][language]}."
    yield ""
    yield f"- {words.items_of}: {_items(name, profiles, words)}"
    yield f"- {words.severity}: {words.severities[data['severity']]}"
    yield f"- {words.why}: {data['rationale'][language]}"
    yield f"- {words.by_hand}: {data['check_by_hand'][language]}"
    yield f"- {words.remedy}: {data['remediation'][language]}"
    needs = [text for gate, text in words.needs.items() if data[gate]]
    if needs:
        yield f"- {' '.join(needs)}"
    yield f"- {words.references}: {', '.join(map(_reference, data['references']))}"
    yield ""
    yield from _thresholds(name, data, profiles, words)


def page(language: str) -> str:
    """A page, as Markdown.

    Args:
        language: One of LANGUAGES.
    """
    words = WORDS[language]
    checks = read_checks(DEFAULT_SOURCE)
    profiles = read_profiles(DEFAULT_SOURCE, checks)
    lines = [f"# {words.title}", "", words.introduction, "", *_table(_profile_rows(words, profiles))]
    lines += [f"## {words.distributions}", "", *_table(words.distribution_rows)]
    for area in sorted({check.area for check in checks.values()}):
        lines += [f"## {area}", ""]
        for name, check in checks.items():
            if check.area == area:
                lines += _check(name, check, profiles, language)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say whether they are as written."""
    return write_or_check({page_path(language): page(language) for language in LANGUAGES}, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
