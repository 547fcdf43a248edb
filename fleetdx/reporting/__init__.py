"""Pure parsing and reporting: from ledger and result lines to a summary, a page and a terminal table; no AWS calls."""
