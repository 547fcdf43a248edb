"""A small run for the files that others read: two checks, three instances, one gap; and text that a host made up."""

from __future__ import annotations

from typing import Any, Final

from fleetdx.reporting.summary import build_summary

RUN: Final = "20261123T021500Z-3fa9c1"
AT: Final = "2026-11-23T02:17:41Z"
WEB, DATABASE, BASTION = (f"i-{number:017x}" for number in (1, 2, 3))

FORMULAS: Final = (
    '=HYPERLINK("https://evil.example","pay")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\x00=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "a;=1+1",
)
HOSTILE: Final = (
    *FORMULAS,
    "<r><t>library's own markup</t></r>",
    "</t></is></c><c><f>1+1</f></c>",
    "&lt;script&gt; & ]]>",
    "_x003D_1+1",
    "_x202E_gpj",
    "\x1b[31mred\x1b[0m\x07",
    "\u202egnp.exe",
    "\ud800",
    "\ufffe\uffff",
    "https://evil.example/",
    "mailto:a@evil.example",
    "0012",
    "1E5",
    "TRUE",
    '"quoted", and; more',
)

WAIVER: Final = {
    "id": "accepted-1",
    "owner": "payments@example.com",
    "approver": "ciso@example.com",
    "reason": "It is replaced in January.",
    "ticket": "SEC-1234",
    "expires_at": "2027-01-31T00:00:00Z",
}
CHECKS: Final[dict[str, dict[str, Any]]] = {
    "root_ssh_login_denied": {
        "title": {"en": "Root cannot log in over SSH", "ko": "root의 SSH 로그인이 차단되어 있음"},
        "check_by_hand": {"en": "Run sshd -T.", "ko": "sshd -T를 실행한다."},
        "remediation": {"en": "Set PermitRootLogin no.", "ko": "PermitRootLogin no를 설정한다."},
    },
    "passwords_shadowed": {
        "title": {"en": "Passwords are shadowed", "ko": "비밀번호가 분리 저장되어 있음"},
        "check_by_hand": {"en": "Look into /etc/passwd.", "ko": "/etc/passwd를 확인한다."},
        "remediation": {"en": "Run pwconv.", "ko": "pwconv를 실행한다."},
    },
}
ITEMS: Final[list[dict[str, Any]]] = [
    {
        "item": "U-01",
        "importance": "high",
        "title": {"en": "Restrict direct remote root login", "ko": "root 계정 원격 접속 제한"},
        "checks": ["root_ssh_login_denied"],
    },
    {
        "item": "U-04",
        "importance": "low",
        "title": {"en": "Password file protection", "ko": "비밀번호 파일 보호"},
        "checks": ["passwords_shadowed"],
    },
    {"item": "U-99", "importance": "medium", "title": {"en": "Not checked", "ko": "점검 없음"}, "checks": []},
]


def catalog() -> Any:
    """A catalog of three items, one of them without a check."""
    profile = {
        "title": {"en": "KISA guide, UNIX, 2026", "ko": "상세가이드 UNIX 서버 (2026년판)"},
        "edition": "KISA 2026",
        "items_in_edition": 67,
        "items": ITEMS,
        "checks": list(CHECKS),
    }
    return {"schema": 1, "bundle": "b" * 64, "profiles": {"kisa_unix_2026": profile}, "checks": CHECKS}


def result(**changes: Any) -> Any:
    """A failed check on WEB, with changes; only a failed one fails since a time."""
    line = {
        **_subject(WEB, "web-1"),
        "item": "U-01",
        "check": "root_ssh_login_denied",
        "severity": "high",
        "verdict": "fail",
        "reason": "PermitRootLogin is yes.",
        "evidence": ["/etc/ssh/sshd_config:3: PermitRootLogin yes"],
        "duration_ms": 40,
        **changes,
    }
    failing = {"first_seen": "2026-10-01T02:17:41Z", "failing_since": "2026-11-01T02:17:41Z"}
    return {**line, **failing} if line["verdict"] == "fail" else line


def results() -> list[Any]:
    """Two results of each scanned instance."""
    shadowed = {"item": "U-04", "check": "passwords_shadowed", "severity": "low", "verdict": "pass", "evidence": []}
    database = {"instance": DATABASE, "instance_name": "db"}
    return [
        result(),
        result(**shadowed),
        result(**database, verdict="manual"),
        result(**database, **shadowed, reason="It complies."),
    ]


def ledger(**changes: Any) -> list[Any]:
    """One account-region, two scanned instances, one that does not answer; `changes` are of the first instance."""
    place = {**_subject(None, None), "kind": "account_region", "platform": None, "ami": None}
    gone = {"state": "not_managed", "reason": "agent_not_reporting", "detail": "Its agent is silent."}
    return [
        {**place, "state": "scanned", "reason": "entered", "detail": "It was entered.", "instances": 3},
        {**ledger_line(WEB, "web-1"), **changes},
        ledger_line(DATABASE, "db"),
        {**ledger_line(BASTION, "bastion"), **gone},
    ]


def ledger_line(instance: str, name: str | None) -> Any:
    """The ledger line of a scanned instance."""
    scanned = {"state": "scanned", "reason": "verified", "detail": "Its result has the hash that SSM authenticates."}
    return {**_subject(instance, name), "kind": "instance", "platform": "Linux", **scanned}


def summary(ledger_lines: Any = None, result_lines: Any = None) -> Any:
    """The summary of the run."""
    facts: Any = {
        "run": RUN,
        "profile": "kisa_unix_2026",
        "requester": "auditor",
        "requester_kind": "proven",
        "started_at": "2026-11-23T02:15:00Z",
        "finished_at": "2026-11-23T02:21:37Z",
        "request": {"scope": {"organization": True}, "regions": ["ap-northeast-2"]},
    }
    return build_summary(
        facts, ledger_lines or ledger(), results() if result_lines is None else result_lines, catalog()
    )


def _subject(instance: str | None, name: str | None) -> dict[str, Any]:
    return {
        "schema": 1,
        "run": RUN,
        "account": "000011112222",
        "account_name": "commerce",
        "region": "ap-northeast-2",
        "instance": instance,
        "instance_name": name,
        "ami": "ami-0c2acfcb2ac4d02a0",
        "profile": "kisa_unix_2026",
        "bundle": "b" * 64,
        "at": AT,
    }
