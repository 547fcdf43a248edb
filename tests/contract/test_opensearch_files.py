"""The OpenSearch files fit what is emitted: every field mapped, every view over fields that there are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.coverage.models import CAUSES
from fleetdx.feeds.changes import compare
from fleetdx.feeds.looked import by_sweep
from fleetdx.feeds.observations import of_sweep
from fleetdx.feeds.ocsf import lines
from fleetdx.models import LANGUAGES, VERDICTS
from tests.fakes import coverage, feeds
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = PROJECT / "siem" / "opensearch"
KINDS_OF_VALUES: dict[str, tuple[type, ...]] = {
    "keyword": (str,),
    "text": (str,),
    "byte": (int,),
    "integer": (int,),
    "boolean": (bool,),
    "date": (int, str),
}


def read(name: str) -> Any:
    """One of the JSON files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def mapping() -> Any:
    """The mapping that the index template gives every index."""
    return read("index_template.json")["template"]["mappings"]


def saved_objects() -> list[Any]:
    """The objects of the dashboards' export."""
    return [json.loads(line) for line in (FOLDER / "dashboards.ndjson").read_text(encoding="utf-8").splitlines()]


def emitted() -> Iterator[Any]:
    """Documents of every verdict, change, gap and cause, in both languages, cut and uncut."""
    every = [feeds.result(number, verdict) for number, verdict in enumerate(VERDICTS, 1)]
    first = feeds.compared([*every, feeds.result(9, reason="x" * 9_000), feeds.result(10, waiver=feeds.WAIVER)])
    sweep = [coverage.line(number, cause) for number, cause in enumerate(CAUSES, 1)]
    swept = list(compare({}, map(of_sweep, sweep), by_sweep(coverage.SWEEP, feeds.AT, feeds.WHOLE, sweep)))
    managed = [coverage.line(number, "managed") for number in range(1, len(CAUSES))]
    found = [
        *first,
        *feeds.compared(
            [feeds.result(1, at=feeds.LATER), feeds.result(2, "pass", at=feeds.LATER)],
            [feeds.place_line(0)],
            feeds.known_after(first),
        ),
        *feeds.gaps([feeds.place_line(None), feeds.instance_line(1, "scan_failed", "host_busy")]),
        *swept,
        *compare(
            feeds.known_after(swept),
            map(of_sweep, managed),
            by_sweep(coverage.SWEEP, feeds.LATER, feeds.WHOLE, managed),
        ),
    ]
    for language in LANGUAGES:
        yield from map(json.loads, lines(found, feeds.words(), language))


def stored(document: Any) -> Any:
    """A document as the ingest pipeline leaves it, of which the tests know the processors that it has."""
    kept = dict(document)
    for processor in read("ingest_pipeline.json")["processors"]:
        ((kind, options),) = processor.items()
        if kind == "set":
            kept[options["field"]] = _filled(options["value"], document)
        else:
            assert (kind, options["formats"]) == ("date", ["UNIX_MS"])
            kept[options["target_field"]] = kept[options["field"]]
    return kept


def _filled(template: str, document: Any) -> Any:
    (path,) = re.fullmatch(r"\{\{\{(.+)\}\}\}", template).groups()
    return value_at(document, path)


def value_at(document: Any, path: str) -> Any:
    """What a document has at a path with points."""
    value = document
    for name in path.split("."):
        value = value[name]
    return value


def unmapped(value: Any, known: Any, path: str = "") -> Iterator[str]:
    """Fields that a strict mapping refuses, and values of another type than the field has."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            properties = known.get("properties", {})
            for name, own in each.items():
                if name not in properties:
                    yield f"{path}{name} is not mapped"
                else:
                    yield from unmapped(own, properties[name], f"{path}{name}.")
        elif type(each) not in KINDS_OF_VALUES.get(known.get("type", ""), ()):
            yield f"{path} has {each!r}, and is mapped as {known.get('type', 'an object')}"


def fields(known: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field of a mapping by its path, with its type; sub-fields too."""
    for name, own in known.get("properties", {}).items():
        if "type" in own and isinstance(own["type"], str):
            yield f"{path}{name}", own["type"]
            yield from ((f"{path}{name}.{sub}", entry["type"]) for sub, entry in own.get("fields", {}).items())
        else:
            yield from fields(own, f"{path}{name}.")


def test_every_emitted_field_is_mapped() -> None:
    """The mapping is strict, and takes every document as the pipeline leaves it, with its own types."""
    assert mapping()["dynamic"] == "strict"
    found = [fault for document in emitted() for fault in unmapped({**stored(document), "_id": []}, _with_id())]
    assert found == []


def _with_id() -> Any:
    # An _id is a document's own, beside its fields.
    return {"properties": {**mapping()["properties"], "_id": {"type": "keyword"}}}


def test_an_unmapped_field_is_seen() -> None:
    """The walk that the test above rests on sees an unknown field at any depth, and a value of another type."""
    document = next(emitted())
    document["compliance"]["checks"][0]["odd"] = 1
    document["cloud"]["region"] = 5
    assert sorted(unmapped(document, mapping())) == [
        "cloud.region. has 5, and is mapped as keyword",
        "compliance.checks.odd is not mapped",
    ]


def test_every_mapped_field_is_emitted() -> None:
    """The mapping names nothing that no document has."""
    seen: set[str] = set()

    def walk(value: Any, path: str) -> None:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                for name, own in each.items():
                    walk(own, f"{path}.{name}" if path else name)
            else:
                seen.add(path)

    for document in emitted():
        walk(stored(document), "")
    own = {path.removesuffix(".keyword") for path, _ in fields(mapping())}
    assert own - seen == set()


def test_one_document_a_finding() -> None:
    """The pipeline keys a document by its finding, so that a later line replaces it; the template runs the pipeline."""
    documents = [stored(document) for document in emitted()]
    assert all(document["_id"] == document["finding_info"]["uid"] for document in documents)
    assert all(document["@timestamp"] == document["time"] for document in documents)
    settings = read("index_template.json")["template"]["settings"]["index"]
    assert settings["default_pipeline"] == "fleetdx-findings"


def test_dashboards_refer_to_what_is_there() -> None:
    """Every reference of a saved object is in the export, and every panel names its reference."""
    found = saved_objects()
    known = {(each["type"], each["id"]) for each in found}
    assert len(known) == len(found)
    assert {(ref["type"], ref["id"]) for each in found for ref in each["references"]} <= known
    (board,) = [each for each in found if each["type"] == "dashboard"]
    panels = json.loads(board["attributes"]["panelsJSON"])
    assert [panel["panelRefName"] for panel in panels] == [ref["name"] for ref in board["references"]]
    shown = {(ref["type"], ref["id"]) for ref in board["references"]}
    assert shown == {each for each in known if each[0] in {"visualization", "search"}}


def test_views_ask_for_fields_that_can_answer() -> None:
    """Every field that a view groups by is mapped and can be aggregated, and each query names mapped fields."""
    known = dict(fields(mapping()))
    for each in saved_objects():
        state = json.loads(each["attributes"].get("visState", '{"aggs": []}'))
        for aggregation in state["aggs"]:
            if "field" in aggregation["params"]:
                assert known[aggregation["params"]["field"]] in {"keyword", "date"}
        source = each["attributes"].get("kibanaSavedObjectMeta")
        query = json.loads(source["searchSourceJSON"])["query"]["query"] if source else ""
        assert set(re.findall(r"([\w.@]+) :", query)) <= known.keys()
        assert set(each["attributes"].get("columns", [])) <= known.keys()


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("compliance.status", {"Fail", "Warning"}),
        ("status", {"New", "Suppressed"}),
        ("severity", {"High"}),
        ("finding_info.types", {"host configuration", "coverage gap"}),
    ],
)
def test_queries_ask_for_values_that_are_emitted(query: str, values: set[str]) -> None:
    """What views filter by is what documents say: a word that is spelled otherwise would show nothing."""
    text = (FOLDER / "dashboards.ndjson").read_text(encoding="utf-8").replace("\\", "")
    asked = set(re.findall(rf'(?<![\w.]){re.escape(query)} : "([^"]+)"', text))
    assert asked == values
    said: set[str] = set()
    for document in emitted():
        value = value_at(document, query)
        said |= set(value if isinstance(value, list) else [value])
    assert asked <= said
