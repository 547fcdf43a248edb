"""A Security Hub that keeps what is imported into it, and refuses as the real one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.asff import faults

if TYPE_CHECKING:
    from collections.abc import Sequence


class FakeSecurityHub:
    """The one operation of a client that imports, over a dictionary.

    Attributes:
        findings: By Id.
        calls: How many findings each call had.
        refusing: The code with which findings are refused, by Id.
        failing: The errors that its next calls raise.
    """

    def __init__(self) -> None:
        self.findings: dict[str, Any] = {}
        self.calls: list[int] = []
        self.refusing: dict[str, str] = {}
        self.failing: list[Exception] = []

    def batch_import_findings(self, *, Findings: Sequence[Any]) -> dict[str, Any]:  # noqa: N803
        """Take findings that are new, or newer than those that are there."""
        if self.failing:
            raise self.failing.pop(0)
        assert list(faults(Findings)) == []
        self.calls.append(len(Findings))
        failed = []
        for finding in Findings:
            code = self.refusing.get(finding["Id"])
            if code is not None:
                failed.append({"Id": finding["Id"], "ErrorCode": code, "ErrorMessage": "It is refused."})
            elif finding["UpdatedAt"] > self.findings.get(finding["Id"], {"UpdatedAt": ""})["UpdatedAt"]:
                self.findings[finding["Id"]] = finding
        return {"FailedCount": len(failed), "SuccessCount": len(Findings) - len(failed), "FailedFindings": failed}

    def active(self) -> set[str]:
        """The Ids of the findings that are not archived."""
        return {name for name, finding in self.findings.items() if finding["RecordState"] == "ACTIVE"}
