"""The files in which others read a run: report.xlsx as Korean audits use it, results.csv and ledger.csv; no AWS calls.

Writers alone: each takes lines and a binary file, reads the results once and keeps none of them.
"""
