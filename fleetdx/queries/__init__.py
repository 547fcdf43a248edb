"""Questions to many runs: one SQL text each, which Athena and DuckDB both answer, and the tables they ask."""
