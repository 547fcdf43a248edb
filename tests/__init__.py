"""Tests, by what they prove: unit, scan_scripts, contract, workflow, e2e, browser."""
