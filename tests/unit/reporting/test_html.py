from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from string import Formatter
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleetdx.models import LEDGER_STATES, VERDICTS
from fleetdx.reporting.html import render_html
from fleetdx.reporting.messages import cause_for_reason, texts
from fleetdx.reporting.summary import build_summary
from fleetdx.reporting.text import visible

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "</pre></details><h2>Complete</h2>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)//\u202egpj.exe",
    "<!--",
    "]]>&lt;b&gt;",
    "\x00\x1b[2J\ud800",
]


def page(example: Any, language: Any = "en", **changes: Any) -> tuple[str, BeautifulSoup]:
    parts = {"ledger": example.ledger(), "results": list(example.results()), "strays": example.strays(), **changes}
    catalog = parts.pop("catalog", example.catalog())
    summary = build_summary(example.facts(), parts["ledger"], parts["results"], catalog, parts["strays"])
    text = render_html(summary, parts["ledger"], parts["results"], catalog, language)
    return text, BeautifulSoup(text, "html.parser")


def words(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def shape(soup: BeautifulSoup) -> list[tuple[str, tuple[str, ...]]]:
    """Every element and the names of its attributes: what hostile text must not be able to change."""
    return [(tag.name, tuple(tag.attrs)) for tag in soup.select("*")]


def test_header_names_run_and_edition(example: Any) -> None:
    """The header tells run, profile with edition and its share, time, requester and the bundle's hash."""
    header = words(page(example)[1].header)
    for told in (example.RUN, example.PROFILE, "16 of the 67 items of KISA 2026", "2026-11-23 02:15:00",
                 "user/security-engineer", example.BUNDLE[:16], "Whole organization"):  # fmt: skip
        assert told in header


def test_gaps_come_first(example: Any) -> None:
    """An incomplete run opens with its status and names each gap before any figure."""
    first = page(example)[1].main.section
    assert words(first.h2) == "Incomplete: 3 gaps"
    assert [words(one) for one in first.select(".gaps li .why code")] == [
        "role_not_assumable", "agent_not_reporting", "execution_timed_out",
    ]  # fmt: skip


def test_complete_run_says_so(example: Any) -> None:
    """A run without a gap says Complete and has no list of gaps."""
    ledger = [line for line in example.ledger() if line["state"] not in {"scan_failed", "not_managed"}]
    for line in ledger:
        if line["kind"] == "account_region":
            line["instances"] = 0
    first = page(example, ledger=ledger)[1].main.section
    assert words(first.h2) == "Complete"
    assert not first.select(".gaps")


def test_every_finding_is_shown_with_evidence_and_remedy(example: Any) -> None:
    """Each failed result of the run appears under its host with item, severity, evidence and remedy."""
    soup = page(example)[1]
    failed = [one for one in example.results() if one["verdict"] == "fail"]
    assert len(soup.select(".finding.fail")) == len(failed)
    remedies = {one.check: one.remedy for one in example.CHECKS}
    for result in failed:
        host = next(one for one in soup.select(".host") if result["instance"] in words(one.h3))
        shown = next(
            one for one in host.select(".finding.fail") if one.select_one(".reason code").text == result["check"]
        )
        assert shown.select_one(".item").text == result["item"]
        assert shown.select_one(".mark").text.lower() == result["severity"]
        assert remedies[result["check"]] in words(shown.select_one(".remedy"))
        evidence = shown.pre.text.splitlines() if shown.pre else []
        assert evidence == result["evidence"][:20]


def test_every_instance_is_somewhere(example: Any) -> None:
    """An instance is either among the hosts or among those not scanned, never in neither."""
    soup = page(example)[1]
    for number, machine in enumerate(example.MACHINES):
        scanned = any(example.instance_of(number) in words(one) for one in soup.select(".host h3"))
        missed = any(example.instance_of(number) in words(one) for one in soup.select(".missed tbody th"))
        assert (scanned, missed) == (machine.state == "scanned", machine.state != "scanned")


def test_edition_stands_where_item_numbers_are(example: Any) -> None:
    """Every block that shows an item number names the edition, because editions renumber items."""
    soup = page(example)[1]
    for block in [table for table in soup.select("table") if table.select(".item")]:
        assert "KISA 2026 item" in words(block.thead)
    for host in soup.select(".host"):
        assert all("KISA 2026" in heading.text for heading in host.select("h4"))


def test_item_with_several_checks_takes_the_worst(example: Any) -> None:
    """An item whose checks disagree is listed once, under the worst of their verdicts."""
    results = list(example.results())
    first = next(one for one in results if one["instance_name"] == "web-1" and one["item"] == "U-01")
    results.append({**first, "check": "root_console_login_denied", "verdict": "error"})
    soup = page(example, results=results)[1]
    host = next(one for one in soup.select(".host") if "web-1" in words(one.h3))
    verdicts = {words(one.dt).rsplit(" ", 1)[0]: one.dd.text.split() for one in host.select(".verdicts div")}
    assert "U-01" in verdicts["Error"]
    assert "U-01" not in verdicts["Pass"]


def test_host_without_evidence_says_why(example: Any) -> None:
    """A host whose verdicts came over SSM alone carries the ledger's sentence about it."""
    notes = [words(one) for one in page(example)[1].select(".host .note")]
    assert notes == ["Its verdicts came over SSM. The step Send failed. evidence_not_received"]


def test_host_whose_result_came_inline_says_so(example: Any) -> None:
    """How a result came is said where it came another way than usual; an old ledger that does not know says nothing."""
    ledger = example.ledger()
    whole = [line for line in ledger if line["reason"] == "verified"]
    whole[0]["delivery"] = "inline"
    del whole[1]["delivery"]
    told = [words(one) for one in page(example, ledger=ledger)[1].select(".host .meta")]
    assert sum("received over Systems Manager, without S3" in one for one in told) == 1


def test_page_is_self_contained(example: Any) -> None:
    """No script, no link out, no style attribute; the policy allows the one style sheet by its hash, nothing else."""
    text, soup = page(example)
    assert not soup.select("script, link, img, iframe, object, embed, form, base, [style], [src]")
    assert all(anchor["href"].startswith("#") for anchor in soup.select("a"))
    assert {anchor["href"][1:] for anchor in soup.select("a")} <= {one["id"] for one in soup.select("[id]")}
    assert "http://" not in text
    assert "https://" not in text
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert text.count("</style") == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_ids_are_unique(example: Any, language: str) -> None:
    """No two elements share an id, so that every link leads to one place."""
    ids = [one["id"] for one in page(example, language)[1].select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_anywhere_changes_no_element(example: Any, hostile: str) -> None:
    """Names, reasons, evidence and keys full of markup give the elements that plain text gives, and are readable."""
    plain, poisoned = (poison(example, text) for text in ("plain", hostile))
    text, soup = page(example, **poisoned)
    assert shape(soup) == shape(page(example, **plain)[1])
    assert html.escape(visible(hostile), quote=False) in text.replace("&#34;", '"').replace("&#39;", "'")
    text.encode("utf-8")


def poison(example: Any, text: str) -> dict[str, Any]:
    ledger = [{**line, "account_name": text, "detail": text} for line in example.ledger()]
    for line in ledger:
        if line["kind"] == "instance":
            line.update(instance_name=text, ami=text)
    results = [{**one, "instance_name": text, "reason": text, "evidence": [text]} for one in example.results()]
    catalog = example.catalog()
    for item in catalog["profiles"][example.PROFILE]["items"]:
        item["title"] = {"en": text, "ko": text}
    return {"ledger": ledger, "results": results, "strays": [{"key": text, "reason": text}], "catalog": catalog}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=80) | st.sampled_from(HOSTILE), min_size=1, max_size=5))
def test_any_evidence_reads_back_as_it_was(example: Any, evidence: list[str]) -> None:
    """Whatever a host sends as evidence, the page shows it with hidden characters written out, and stays whole."""
    result = {**next(example.results()), "verdict": "fail", "evidence": evidence}
    text, soup = page(example, ledger=example.ledger()[:1], results=[result])
    assert soup.select_one(".finding pre").text == "\n".join(map(visible, evidence))
    assert soup.footer is not None
    assert not soup.select("script, img, [onerror], [onmouseover]")
    text.encode("utf-8")


def test_long_evidence_is_cut_and_says_so(example: Any) -> None:
    """A line of a megabyte and a thousand lines leave a small page that says what is missing and where it is."""
    result = {**next(example.results()), "verdict": "fail", "reason": "r" * 100_000}
    result["evidence"] = ["x" * 1_048_576, *map(str, range(1_000))]
    text, soup = page(example, results=[result])
    assert len(text) < 150_000
    finding = words(soup.select_one(".finding"))
    assert "2,000 of 1,048,576 characters are shown; the whole line is in results.jsonl" in finding
    assert "981 more lines of evidence are in results.jsonl" in finding


def test_remedy_sets_code_and_escapes_it(example: Any) -> None:
    """Backticks in a remedy become code elements; markup between them stays text, and an odd backtick is kept."""
    catalog = example.catalog()
    remedy = catalog["checks"]["root_ssh_login_denied"]["remediation"]
    remedy["en"] = "Run `sshd -t <b>` & reload."
    shown = page(example, catalog=catalog)[1].select_one(".remedy")
    assert [one.text for one in shown.select("code")] == ["sshd -t <b>"]
    assert "Run sshd -t <b> & reload." in words(shown)
    remedy["en"] = "Mind the ` sign."
    assert "Mind the ` sign." in words(page(example, catalog=catalog)[1].select_one(".remedy"))


def test_korean_page_uses_the_auditors_words(example: Any) -> None:
    """The Korean page has the Korean verdicts, titles first in Korean, and English beside them."""
    soup = page(example, "ko")[1]
    assert soup.html["lang"] == "ko"
    glossary = words(soup.select_one(".glossary"))
    assert all(word in glossary for word in ("양호", "취약", "수동", "해당 없음", "오류"))
    title = soup.select_one(".worst tbody th")
    assert (title.select_one(".title").text, title.select_one(".other")["lang"]) == ("계정 잠금 임계값 설정", "en")


def test_korean_page_says_the_cause_before_the_ledgers_own_words(example: Any) -> None:
    """Each place that tells a documented reason says it in Korean first, then the English detail, marked as English."""
    soup = page(example, "ko")[1]
    for shown in (soup.select_one(".gaps .why"), soup.select_one(".missed tbody td:nth-of-type(2)")):
        detail = shown.select_one(".detail")
        assert (detail["lang"], detail.code.text) == ("en", "role_not_assumable")
        assert words(shown).startswith(f"점검 실패. {cause_for_reason('ko', 'role_not_assumable')}")
        assert words(shown).endswith(words(detail))
    assert cause_for_reason("ko", "role_not_assumable") in words(soup.select_one(".coverage td.gap[colspan]"))
    assert cause_for_reason("ko", "evidence_not_received") in words(soup.select_one(".host .note"))


def test_english_page_leaves_the_ledgers_own_words_alone(example: Any) -> None:
    """In English the detail says more than the documented cause, so it stands alone."""
    soup = page(example)[1]
    assert not soup.select(".detail")
    assert words(soup.select_one(".gaps .why")) == (
        "Scan failed. The role fleetdx-member does not trust the calling function. role_not_assumable"
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_reason_that_nobody_documented_is_shown_by_its_detail(example: Any, language: str) -> None:
    """A code out of an older run has no cause to show: its detail stands alone, and the state says what to do."""
    lines = [{**line, "reason": "long_gone"} if line["state"] == "not_managed" else line for line in example.ledger()]
    row = next(one for one in page(example, language, ledger=lines)[1].select(".missed tr") if "long_gone" in one.text)
    assert "SSM's last word from its agent is ConnectionLost. long_gone" in words(row)
    assert words(row).endswith(texts(language)["remedy.not_managed"])


def test_languages_have_the_same_texts() -> None:
    """Both languages have every text with the same values in it, and words for each verdict and state."""
    english, korean = texts("en"), texts("ko")
    assert {key for key in english if not key.endswith(".one")} == set(korean)
    for key, text in english.items():
        assert fields(text) == fields(korean.get(key, korean[key.removesuffix(".one")])), key
    assert {f"verdict.{one}" for one in VERDICTS} | {f"state.{one}" for one in LEDGER_STATES} <= set(english)
    assert {f"remedy.{one}" for one in LEDGER_STATES} <= set(english)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_large_run_shows_the_worst_and_says_where_the_rest_is(example: Any) -> None:
    """Above 300 instances the page keeps the aggregates and the 50 worst hosts, and stays small."""
    ledger, results = many(example, 2_000)
    text, soup = page(example, ledger=ledger, results=results, strays=[])
    assert len(soup.select(".host")) == 50
    assert "This run covers 2,000 instances, so only the 50 with most findings" in words(soup.select_one(".hosts"))
    assert "results.jsonl" in words(soup.select_one(".hosts"))
    failed = sum(one["verdict"] == "fail" for one in results)
    counted = sum(int(row.select("td.number")[1].text.replace(",", "")) for row in soup.select(".items tbody tr"))
    assert counted == failed
    assert len(text) < 1_500_000


def test_up_to_300_instances_every_host_is_shown(example: Any) -> None:
    """A run of 300 instances shows each of them, in a page of a few megabytes."""
    ledger, results = many(example, 300)
    text, soup = page(example, ledger=ledger, results=results, strays=[])
    assert len(soup.select(".host")) == 300
    assert len(text) < 5_000_000


def many(example: Any, count: int) -> tuple[list[Any], list[Any]]:
    """A ledger and results of `count` copies of the neglected machine, every one in one account and region."""
    machine = example.MACHINES[3]
    ledger = [{**example.instance_line(0, machine), "instance": f"i-{number:017x}"} for number in range(count)]
    own = [one for one in example.results() if one["instance_name"] == machine.name]
    results = [{**one, "instance": line["instance"]} for line in ledger for one in own]
    return ledger, results


def test_summary_is_json(summary: Any) -> None:
    """The summary is a JSON document as it is."""
    assert json.loads(json.dumps(summary)) == summary
    assert re.fullmatch(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}", summary["run"])
