"""What a SIEM reads: OCSF and ASFF documents made from the lines of runs and sweeps, and what changed between two.

Everything here is a pure function over plain data, one line in and one document out, so that memory does not follow
the fleet. Lines become observations (`observations.py`), observations are held against what was known before
(`changes.py`), and each comparison becomes an OCSF document (`ocsf.py`) or an ASFF finding (`asff.py`).
"""
