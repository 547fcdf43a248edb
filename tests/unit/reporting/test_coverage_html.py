from __future__ import annotations

import base64
import hashlib
import html
from string import Formatter
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.coverage.texts import all_texts
from fleetdx.reporting.coverage.html import render_coverage
from fleetdx.reporting.messages import COVERAGE, cause_for_reason, texts
from fleetdx.reporting.text import visible
from tests.fakes.coverage import change, changed, line, summary, unchecked, whole

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "</table></section><h2>All managed</h2>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)//\u202egpj.exe",
    "]]>&lt;b&gt;<!--",
    "\x00\x1b[2J\ud800",
]


def page(made: Any, lines: Any, language: Any = "en") -> tuple[str, BeautifulSoup]:
    text = render_coverage(made, iter(lines), language)
    return text, BeautifulSoup(text, "html.parser")


def of(lines: Any, others: Any = (), language: Any = "en", **changes: Any) -> BeautifulSoup:
    return page(summary(lines, others, **changes), lines, language)[1]


def words(node: Any) -> str:
    return " ".join(node.get_text(" ").split())


def shape(soup: BeautifulSoup) -> list[tuple[str, tuple[str, ...]]]:
    """Every element and the names of its attributes: what hostile text must not be able to change."""
    return [(tag.name, tuple(tag.attrs)) for tag in soup.select("*")]


def test_headline_comes_first() -> None:
    """The page opens with managed of running; incomplete is said in the headline, with each place and what to do."""
    lines = [line(1, "managed"), line(2, "no_profile")]
    first = of(lines).main.section
    assert (words(first.h2), first["class"]) == ("1 of 2 running instances are managed", ["status", "attention"])
    first = of(lines, [unchecked("444455556666", "us-east-1")]).main.section
    assert words(first.h2) == "Incomplete: 1 of the 2 running instances seen are managed"
    assert "payments-운영 444455556666 us-east-1" in words(first.select_one(".gaps"))
    assert first["class"] == ["status", "incomplete"]
    assert of(lines[:1]).main.section["class"] == ["status", "complete"]
    assert words(of([]).main.section.h2) == "No instance runs"


def test_every_reason_is_shown_with_its_remedy() -> None:
    """Each cause that asks for something has its count, and each reason its remedy; the largest comes first."""
    soup = page(*whole())[1]
    counts = [int(words(one.b)) for one in soup.select(".cause .amount")]
    assert counts == sorted(counts, reverse=True)
    for cause, own in all_texts()["causes"].items():
        if cause in {"managed", "default_host_management", "stopped", "unsupported", "exempt"}:
            assert own["title"]["en"] in words(soup.select_one(".quiet-causes"))
            continue
        shown = words(soup.find(id=f"cause-{cause}").find_parent("article"))
        for code, reason in own["reasons"].items():
            assert code in shown
            assert " ".join(reason["remedy"]["en"].replace("`", " ").split()).replace(" .", ".")[:60] in shown.replace(
                " .", "."
            )


def test_map_has_colour_and_text() -> None:
    """Each cell says managed of running, in words for who cannot see it, and leads to what is unmanaged there."""
    lines = [line(1, "managed"), line(2, "managed"), line(3, "no_profile"), line(4, "imds_off", region="us-east-1"),
             line(5, "stopped", region="us-west-2")]  # fmt: skip
    others = [unchecked("111122223333", "eu-west-1"), unchecked("444455556666", "sa-east-1", checked=True)]
    soup = of(lines, others)
    cells = {tuple(one["class"]): one for one in soup.select(".map td")}
    assert words(cells["cell", "some"]) == "2/3 trading, ap-northeast-2: 2 of 3 running instances managed, 1 unmanaged"
    assert words(cells["cell", "most"].b) == "0/1"
    assert "could not be looked at" in words(cells["cell", "unchecked"])
    assert cells["cell", "unchecked"].a["href"] == "#unchecked"
    assert cells["cell", "empty"].a is None
    assert words(soup.find(id=cells["cell", "most"].a["href"][1:])).endswith("Instance metadata is off 1")
    assert "1 more region was looked at and has no instance." in words(soup)
    assert "1 more account was looked at and has no instance." in words(soup)


def test_unmanaged_instances_are_grouped_and_complete() -> None:
    """Every unmanaged instance is in the list of its cause, under its account-region, longest first; no other is."""
    made, lines = whole()
    soup = page(made, lines)[1]
    quiet = {"managed", "default_host_management", "stopped", "unsupported", "exempt", None}
    expected = {str(one["instance"]) for one in lines if one["cause"] not in quiet}
    rows = soup.select(".unmanaged tbody tr:not(.of-place)")
    assert sorted(words(row.th.code) for row in rows) == sorted(expected)
    old = line(9, unmanaged_since="2026-10-01T00:00:00Z", session_manager=None, patch_compliance="NON_COMPLIANT")
    first = of([line(8), old]).select(".unmanaged tbody tr")[1]
    assert "web-9" in words(first.th)
    assert [words(cell) for cell in first.select("td")[-3:]] == ["Not known", "Not compliant", "Failed"]


def test_large_sweep_shows_some_of_each_cause() -> None:
    """Of thousands at most 500 are shown, the rare cause among them, and the page says where the rest is."""
    lines = [line(number, "no_route", "no_path") for number in range(1, 3_001)]
    lines += [line(4_000 + number, "imds_off", region="us-east-1") for number in range(3)]
    text, soup = page(summary(lines), lines)
    shown = [words(row.th.code) for row in soup.select(".unmanaged tbody tr:not(.of-place)")]
    assert len(shown) == 500
    assert {one["instance"] for one in lines[-3:]} <= set(shown)
    assert "500 of 3,003" in words(soup.select_one(".instances"))
    assert "2,503 more with this cause are in coverage.csv and coverage.jsonl." in words(soup)
    assert len(text) < 1_000_000


def test_trend_is_drawn_and_told() -> None:
    """Each sweep is a bar, an incomplete one hollow; a sentence and a table say the same in words."""
    made, lines = whole()
    soup = page(made, lines)[1]
    bars = soup.select(".trend rect")
    assert len(bars) == len(soup.select(".sweeps tbody tr")) == 21
    assert [place for place, bar in enumerate(bars) if "partial" in bar["class"]] == [11, 20]
    now = made["totals"]["unmanaged"]
    assert f"{now} now, 36 in the sweep before, 40 at most" in words(soup.find(id="trend").find_parent("section").p)
    assert soup.select_one(".trend")["aria-hidden"] == "true"
    assert "first sweep" in words(of([line(1)]).find(id="trend").find_parent("section"))


def test_changes_and_their_absence() -> None:
    """Changes are shown with before and now, and what is left off; that there are none, or no sweep before, is said."""
    soup = page(*whole())[1]
    section = soup.find(id="changes").find_parent("section")
    assert "Newly unmanaged: 7" in words(section)
    assert "5 more are in coverage.csv" in words(section)
    assert [words(cell) for cell in section.select_one("tbody tr").select("td")[1:]] == [
        "Managed", "No instance profile The detail names what is at fault. no_instance_profile",
    ]  # fmt: skip
    assert "777788889999/us-west-2" in words(section)
    lines = [line(1)]
    assert "nothing to compare" in words(of(lines).find(id="changes").find_parent("section"))
    assert "No cause changed" in words(of(lines, changes=changed()).find(id="changes").find_parent("section"))


def test_silent_agents_have_their_command() -> None:
    """Each image with silent agents has its install command, word for word; where none is known that is said."""
    lines = [line(1, "agent_silent"), line(2, "agent_silent", ami="ami-2", image_name=None, install_command=None)]
    images = of(lines).select(".images tbody tr")
    assert images[0].pre.text == lines[0]["install_command"]
    assert "No command is known for this image." in words(images[1])


def test_disagreements_have_their_likely_reason() -> None:
    """A disagreement is counted, explained, and shown with what both say; where SSM.1 is not joined, why not."""
    soup = page(*whole())[1]
    assert len(soup.select(".disagreements tbody tr")) == 6
    row = next(row for row in soup.select(".disagreeing tbody tr") if "web-3" in words(row))
    assert words(row).endswith("Stopped Failed 2026-11-20 20:00:00 Stopped, and SSM.1 counts it")
    alone = [line(1, control=None)]
    assert "Security Hub is not enabled in this account." in words(of(alone).find(id="control").find_parent("section"))


def test_page_is_self_contained() -> None:
    """No script, no link out, no style attribute; the policy allows the one style sheet by its hash, nothing else."""
    made, lines = whole()
    for one in lines:
        one["install_command"] = None
    made["silent_images"] = []
    text, soup = page(made, lines)
    assert not soup.select("script, link, img, iframe, object, embed, form, base, [style], [src]")
    assert {anchor["href"][1:] for anchor in soup.select("a")} <= {one["id"] for one in soup.select("[id]")}
    assert "http://" not in text
    assert "https://" not in text
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_ids_are_unique_and_labels_lead_somewhere(language: str) -> None:
    """No two elements share an id, and every label that an element names is there."""
    soup = page(*whole(), language)[1]
    ids = [one["id"] for one in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {one["aria-labelledby"] for one in soup.select("[aria-labelledby]")} <= set(ids)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_anywhere_changes_no_element(hostile: str) -> None:
    """Names, details and commands full of markup give the elements that plain text gives, and are readable."""
    text, soup = page(*poisoned(hostile))
    assert shape(soup) == shape(page(*poisoned("plain"))[1])
    assert html.escape(visible(hostile), quote=False) in text.replace("&#34;", '"').replace("&#39;", "'")
    text.encode("utf-8")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(HOSTILE))
def test_any_name_reads_back_as_it_was(name: str) -> None:
    """Whatever an instance is called, the page shows it with hidden characters written out, and stays whole."""
    lines = [line(1, instance_name="x" + name)]
    text, soup = page(summary(lines), lines)
    shown = soup.select_one(".unmanaged tbody tr:not(.of-place) .name").text
    assert shown.startswith("x")
    assert not soup.select("script, img, [onerror], [onmouseover]")
    assert soup.footer is not None
    text.encode("utf-8")


def poisoned(text: str) -> tuple[Any, Any]:
    """A sweep in which every foreign text is this one."""
    foreign = {"account_name": text, "instance_name": text, "detail": text, "image_name": text, "ami": text,
               "role": text, "agent_version": text, "ping_status": text, "install_command": text}  # fmt: skip
    lines = [line(1, "agent_silent", **foreign), line(2, "no_route", **foreign), line(3, "managed", **foreign)]
    lines[1]["control"]["disagreement"] = "unexplained"
    changes = changed(newly_unmanaged=[change(1, None, "no_route", instance_name=text, account_name=text, detail=text)],
                      places_lost=[text], since=text)  # fmt: skip
    others = [unchecked("444455556666", "us-east-1", text, account_name=text, detail=text)]
    made = summary(lines, others, changes=changes, requester=text, sweep=text)
    made["control"]["detail"] = text
    return made, lines


def test_korean_page_says_the_cause_before_the_sweeps_own_words() -> None:
    """Each place that tells why says it in Korean first, then the English detail, marked as English."""
    lines = [line(1, "no_route", "network_acl")]
    soup = of(lines, [unchecked("444455556666", "us-east-1")], "ko")
    assert soup.html["lang"] == "ko"
    why = soup.select_one(".unmanaged tbody tr:not(.of-place) td")
    assert words(why).startswith("네트워크 ACL 차단. Rule 90")
    assert (why.select_one(".detail")["lang"], words(why.select_one("code"))) == ("en", "network_acl")
    assert cause_for_reason("ko", "role_not_assumable") in words(soup.select_one(".gaps .why"))


def test_languages_have_the_same_texts() -> None:
    """Both languages have every text with the same values in it."""
    english, korean = texts("en", COVERAGE), texts("ko", COVERAGE)
    assert {key for key in english if not key.endswith(".one")} == set(korean)
    for key, text in english.items():
        assert fields(text) == fields(korean.get(key, korean[key.removesuffix(".one")])), key


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
