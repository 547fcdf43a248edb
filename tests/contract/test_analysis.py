"""What Athena is given in central.yaml: the tables and questions of fleetdx/queries/, over where runs write."""

from __future__ import annotations

import re

import pytest

from fleetdx import keys
from fleetdx.queries.questions import questions
from fleetdx.queries.tables import GLUE_TYPES, TABLES
from tools.sources import template

CENTRAL = template("central.yaml")
RUN = "20261126T120000Z-abcdef"
KEYS = {
    "results": keys.results_part(RUN, "111122223333", "ap-northeast-2", "0000-01"),
    "ledger": keys.analyzed_ledger(RUN),
    "changes": keys.analyzed_changes(RUN),
}
OURS = {name: resource for name, resource in CENTRAL["Resources"].items() if resource.get("Condition") == "HasAnalysis"}


def test_as_shipped_there_is_no_analysis() -> None:
    """Nothing of Athena and Glue exists unless the parameter Analysis says true."""
    assert CENTRAL["Parameters"]["Analysis"]["Default"] == "false"
    made = {name for name, one in CENTRAL["Resources"].items() if re.match("AWS::(Glue|Athena)::", one["Type"])}
    assert made <= OURS.keys()
    assert {one["Type"].split("::")[1] for one in OURS.values()} == {"Athena", "Glue", "S3"}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_that_queries_are_tested_with(table: str) -> None:
    """Names, order and types are those of the views in DuckDB; keys of partitions come after them."""
    given = OURS[f"{table.capitalize()}Table"]["Properties"]["TableInput"]
    columns = {column["Name"]: column["Type"] for column in given["StorageDescriptor"]["Columns"]}
    assert given["Name"] == table
    assert list(columns.items()) == [(name, GLUE_TYPES[kind]) for name, kind in TABLES[table].items()]  # type: ignore[index]  # one of them


@pytest.mark.parametrize("table", TABLES)
def test_a_table_lies_where_runs_write(table: str) -> None:
    """The keys that runs write are below the table's location, with an end that tells Athena how they are packed."""
    given = OURS[f"{table.capitalize()}Table"]["Properties"]["TableInput"]
    location = given["StorageDescriptor"]["Location"]["Fn::Sub"].removeprefix("s3://${DataBucket}/")
    assert KEYS[table].startswith(location)
    assert KEYS[table].endswith(".jsonl" if table == "results" else ".jsonl.gz")


def test_days_of_results_need_no_crawler() -> None:
    """Partitions are projected: one a day of a run, as far back as the parameter says."""
    given = OURS["ResultsTable"]["Properties"]["TableInput"]
    said = given["Parameters"]
    assert [key["Name"] for key in given["PartitionKeys"]] == ["day"]
    assert (said["projection.enabled"], said["projection.day.type"]) == ("true", "date")
    assert said["projection.day.format"] == "yyyy-MM-dd"
    assert said["projection.day.range"] == {"Fn::Sub": "NOW-${AnalysisDays}DAYS,NOW"}
    template_of_day = said["storage.location.template"]["Fn::Sub"].replace("${!day}", "2026-11-26")
    assert f"s3://${{DataBucket}}/{KEYS['results']}".startswith(template_of_day)


def test_athena_has_every_question_word_for_word() -> None:
    """The named queries are the files: what DuckDB was tested with is what Athena runs."""
    named = [one["Properties"] for one in OURS.values() if one["Type"] == "AWS::Athena::NamedQuery"]
    assert {one["Name"]: one["QueryString"] for one in named} == {
        question.name: question.sql for question in questions().values()
    }
    assert {one["Name"]: one["Description"] for one in named} == {
        question.name: question.title["en"] for question in questions().values()
    }
    assert all(one["WorkGroup"] == {"Ref": "AnalysisWorkGroup"} for one in named)


def test_a_query_cannot_write_elsewhere_nor_read_without_end() -> None:
    """The workgroup sets where answers go, whatever a client asks for, and how much one query may read."""
    configuration = OURS["AnalysisWorkGroup"]["Properties"]["WorkGroupConfiguration"]
    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["ResultConfiguration"]["OutputLocation"] == {"Fn::Sub": "s3://${AnalysisBucket}/queries/"}
    assert configuration["BytesScannedCutoffPerQuery"] == 100 * 2**30
    (rule,) = OURS["AnalysisBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 14)
