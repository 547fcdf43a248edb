# ruff: noqa: E501, PLC0415  a table of examples reads better in rows; the page is made only when run as a file
"""A realistic run for tests and for looking at: 15 instances of 3 accounts in 2 regions, with gaps and findings.

Run as a file with a directory to write the pages there: `python example_run.py out/example/report.html [en|ko]`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.models import Catalog, LedgerLine, LedgerState, ResultLine, Severity, Verdict
    from fleetdx.run_models import RunFacts, Stray

RUN = "20261123T021500Z-3fa9c1"
PROFILE = "kisa_unix_2026"
BUNDLE = hashlib.sha256(b"example bundle").hexdigest()
AT = "2026-11-23T02:17:41Z"
PRODUCTION, STAGING, SHARED = (
    ("111122223333", "commerce-production"),
    ("444455556666", "staging"),
    ("777788889999", "shared"),
)
SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"


class Check(NamedTuple):
    """One check of the example's profile and how it fails."""

    item: str
    check: str
    severity: Severity
    en: str
    ko: str
    reason: str
    evidence: list[str]
    remedy: str
    remedy_ko: str


CHECKS = [
    Check("U-01", "root_ssh_login_denied", "high", "Restrict direct remote root login", "root 계정 원격 접속 제한",
          "PermitRootLogin is yes for connections from anywhere.",
          ["/etc/ssh/sshd_config.d/50-cloud-init.conf:3: PermitRootLogin yes"],
          "Set PermitRootLogin no before any other value of it, test with sshd -t and reload the service.",
          "PermitRootLogin no를 다른 설정보다 먼저 읽히게 두고, sshd -t로 검사한 뒤 서비스를 재적용합니다."),
    Check("U-03", "failed_logins_locked", "high", "Account lockout threshold", "계정 잠금 임계값 설정",
          "pam_faillock is not in the PAM stack that sshd uses.",
          ["/etc/pam.d/password-auth: no line with pam_faillock.so", "/etc/security/faillock.conf: deny = 5"],
          "Run authselect enable-feature with-faillock and set deny to 10 or less.",
          "authselect enable-feature with-faillock를 실행하고 deny를 10 이하로 설정합니다."),
    Check("U-04", "passwords_shadowed", "high", "Password file protection", "비밀번호 파일 보호",
          "One account has a password hash in /etc/passwd.", ["/etc/passwd:31: account legacy, algorithm DES"],
          "Run pwconv, then make the affected users choose a new password.", "pwconv를 실행하고 해당 계정의 비밀번호를 변경합니다."),
    Check("U-05", "only_root_has_uid_zero", "high", "No UID 0 account other than root", "root 이외의 UID가 '0' 금지",
          "toor has UID 0.", ["/etc/passwd:29: toor, UID 0, shell /bin/bash"],
          "Give the account a UID of its own, or remove it.", "해당 계정에 별도의 UID를 부여하거나 계정을 삭제합니다."),
    Check("U-16", "passwd_file_protected", "high", "/etc/passwd owner and mode", "/etc/passwd 파일 소유자 및 권한 설정",
          "/etc/passwd can be written by its group.", ["/etc/passwd: mode 664, owner root, group wheel"],
          "chown root:root /etc/passwd and chmod 644 /etc/passwd.", "소유자를 root로, 권한을 644 이하로 변경합니다."),
    Check("U-18", "shadow_file_protected", "high", "/etc/shadow owner and mode", "/etc/shadow 파일 소유자 및 권한 설정",
          "/etc/shadow is readable by everyone.", ["/etc/shadow: mode 644, owner root, group root"],
          "chmod 400 /etc/shadow.", "소유자를 root로, 권한을 400 이하로 변경합니다."),
    Check("U-23", "setuid_files_known", "high", "SUID/SGID files", "SUID, SGID, Sticky bit 설정 파일 점검",
          "3 setuid files belong to no package.",
          ["/opt/backup/bin/restore: mode 4755, owner root", "/usr/local/bin/probe: mode 4755, owner root",
           "/home/deploy/.local/bin/sh: mode 4755, owner root"],
          "Find out what each is for; chmod u-s what does not need it.", "용도를 확인하고 불필요하면 setuid를 제거합니다."),
    Check("U-25", "no_world_writable_files", "high", "World-writable files", "world writable 파일 점검",
          "214 files are writable by everyone.",
          [f"/var/www/uploads/2026/{number:03d}.jpg: mode 666, owner www-data" for number in range(1, 41)],
          "chmod o-w the files, and correct the umask of what writes them.", "일반 사용자 쓰기 권한을 제거하고 생성 프로세스의 umask를 조정합니다."),
    Check("U-28", "inbound_ports_limited", "high", "Restrict source IPs and ports", "접속 IP 및 포트 제한",
          "No host firewall rule was found; security groups have to be judged.", ["nft list ruleset: empty"],
          "Attach the security group's rules as evidence.", "보안 그룹 규칙을 증적으로 첨부합니다."),
    Check("U-64", "security_patches_applied", "high", "Security patches applied", "주기적 보안 패치 및 벤더 권고사항 적용",
          "12 security updates are waiting, the oldest since 2026-09-02.",
          ["openssl 3.0.8-1.amzn2023.0.14 (ALAS2023-2026-811)", "kernel 6.1.102 (ALAS2023-2026-790)"],
          "Apply the security updates and restart what uses the replaced libraries.", "보안 업데이트를 적용하고 관련 서비스를 재시작합니다."),
    Check("U-08", "few_administrators", "medium", "Minimum members in the admin group", "관리자 그룹에 최소한의 계정 포함",
          "7 accounts may become root; whether they should is for a person to say.",
          ["wheel: deploy, kim, lee, park, choi, jung, ops"], "Remove those who do not need it.", "불필요한 계정을 그룹에서 제거합니다."),
    Check("U-13", "password_hash_strong", "medium", "Strong password hash algorithm", "안전한 비밀번호 암호화 알고리즘 사용",
          "ENCRYPT_METHOD is MD5.", ["/etc/login.defs:74: ENCRYPT_METHOD MD5"],
          "Set ENCRYPT_METHOD to SHA512 or yescrypt.", "ENCRYPT_METHOD를 SHA512 또는 yescrypt로 설정합니다."),
    Check("U-30", "default_umask_strict", "medium", "Default umask", "UMASK 설정 관리",
          "The login umask is 002.", ["/etc/profile:61: umask 002"], "Set umask 022 or stricter.", "umask를 022 이상으로 설정합니다."),
    Check("U-65", "clock_synchronized", "medium", "Time synchronization", "NTP 및 시각 동기화 설정",
          "No time service is running.", ["chronyd.service: disabled, inactive"],
          "Enable chronyd with the Amazon Time Sync Service, 169.254.169.123.", "chronyd를 활성화하고 Amazon Time Sync를 지정합니다."),
    Check("U-12", "idle_sessions_closed", "low", "Idle session timeout", "세션 종료 시간 설정",
          "TMOUT is not set.", [], "Set TMOUT=600 read-only in /etc/profile.d.", "/etc/profile.d에 TMOUT=600을 설정합니다."),
    Check("U-62", "login_banner_shown", "low", "Login warning banner", "로그인 시 경고 메시지 설정",
          "/etc/issue.net names the operating system and version.", ["/etc/issue.net:1: Ubuntu 24.04.1 LTS"],
          "Write a warning without system details, and set Banner in sshd_config.", "시스템 정보 없는 경고문을 작성하고 Banner를 설정합니다."),
]  # fmt: skip


class Machine(NamedTuple):
    """One instance of the example; `verdicts` has one letter a check (empty where it was not scanned)."""

    place: tuple[tuple[str, str], str]
    name: str | None
    state: LedgerState
    reason: str
    detail: str
    verdicts: str = ""


VERIFIED = ("scanned", "verified", "Its result has the hash that SSM authenticates.")
MACHINES = [
    Machine((PRODUCTION, SEOUL), "web-1", *VERIFIED, "pppppppmmppmpppp"),
    Machine((PRODUCTION, SEOUL), "web-2", *VERIFIED, "ppppppppmpmpppff"),
    Machine((PRODUCTION, SEOUL), "payment-api", *VERIFIED, "pfppppppmfmpppfp"),
    Machine((PRODUCTION, SEOUL), "legacy-batch-운영", *VERIFIED, "fffffffffffffffff"[:16]),
    Machine((PRODUCTION, SEOUL), "bastion", "not_managed", "agent_not_reporting", "SSM's last word from its agent is ConnectionLost."),
    Machine((PRODUCTION, SEOUL), "report-windows", "unsupported", "platform_not_supported", "The profile has checks for Linux only."),
    Machine((PRODUCTION, TOKYO), "web-dr-1", *VERIFIED, "pppppppnmppppppp"),
    Machine((PRODUCTION, TOKYO), "db-proxy", *VERIFIED, "pfpppppemfmpfpff"),
    Machine((STAGING, SEOUL), "web-staging", *VERIFIED, "ffppppffmfmpffff"),
    Machine((STAGING, SEOUL), "ci-runner", "scanned", "evidence_not_received", "Its verdicts came over SSM. The step Send failed.", "ffppfpefmfmfpnff"),
    Machine((STAGING, SEOUL), "load-test", "stopped", "instance_stopped", "EC2 reports it as stopped."),
    Machine((STAGING, SEOUL), None, "scan_failed", "execution_timed_out", "The command ran longer than its time limit."),
    Machine((SHARED, SEOUL), "dns-1", *VERIFIED, "pppppppnmppppppp"),
    Machine((SHARED, SEOUL), "dns-2", *VERIFIED, "pppppppnmppppppf"),
    Machine((SHARED, SEOUL), "forensics", "excluded", "excluded_by_operator", "Excluded until 2026-12-31: evidence is being preserved."),
]  # fmt: skip

VERDICT_OF: dict[str, Verdict] = {"p": "pass", "f": "fail", "m": "manual", "n": "not_applicable", "e": "error"}


def facts(**changes: Any) -> RunFacts:
    """Return what is known of the run."""
    known: RunFacts = {
        "run": RUN, "profile": PROFILE, "requester": "arn:aws:iam::999988887777:user/security-engineer",
        "requester_kind": "proven",
        "started_at": "2026-11-23T02:15:00Z", "finished_at": "2026-11-23T02:21:37Z",
        "request": {"scope": {"organization": True}, "regions": [SEOUL, TOKYO], "profile": PROFILE},
    }  # fmt: skip
    known.update(changes)  # type: ignore[typeddict-item]
    return known


def catalog() -> Catalog:
    """Return the catalog of the example's bundle."""
    return {
        "schema": 1, "bundle": BUNDLE,
        "profiles": {PROFILE: {
            "title": {"en": "KISA critical infrastructure guide, UNIX servers, 2026 edition",
                      "ko": "주요정보통신기반시설 기술적 취약점 분석·평가 방법 상세가이드(UNIX 서버, 2026)"},
            "edition": "KISA 2026", "items_in_edition": 67,
            "items": [{"item": one.item, "importance": one.severity, "title": {"en": one.en, "ko": one.ko},
                       "checks": [one.check]} for one in CHECKS],
            "checks": [one.check for one in CHECKS],
        }},
        "checks": {one.check: {"severity": one.severity, "remediation": {"en": one.remedy, "ko": one.remedy_ko}}
                   for one in CHECKS},
    }  # fmt: skip


def instance_of(number: int) -> str:
    """Return a made-up instance id."""
    return f"i-{hashlib.sha256(str(number).encode()).hexdigest()[:17]}"


def ledger() -> list[LedgerLine]:
    """Return the ledger: every machine, and every account in every region, of which one could not be entered."""
    lines = [instance_line(number, machine) for number, machine in enumerate(MACHINES)]
    for account in (PRODUCTION, STAGING, SHARED):
        for region in (SEOUL, TOKYO):
            own = sum(machine.place == (account, region) for machine in MACHINES)
            entered = (account, region) != (STAGING, TOKYO)
            state, reason, detail = ("scanned", "entered", "It was entered.") if entered else (
                "scan_failed", "role_not_assumable", "The role fleetdx-member does not trust the calling function.")  # fmt: skip
            machine = Machine((account, region), None, state, reason, detail)  # type: ignore[arg-type]
            line = instance_line(0, machine)
            line.update(
                kind="account_region", instance=None, ami=None, platform=None, instances=own if entered else None
            )
            lines.append(line)
    return lines


def instance_line(number: int, machine: Machine) -> LedgerLine:
    """Return one machine's ledger line."""
    (account, account_name), region = machine.place
    return {
        "schema": 1, "kind": "instance", "run": RUN, "account": account, "account_name": account_name,
        "region": region, "instance": instance_of(number), "instance_name": machine.name,
        "ami": "ami-0c2acfcb2ac4d02a0", "platform": "Windows" if machine.reason == "platform_not_supported" else "Linux",
        "state": machine.state, "reason": machine.reason, "detail": machine.detail, "profile": PROFILE,
        "bundle": BUNDLE, "at": AT, "delivery": "s3" if machine.reason == "verified" else None,
    }  # fmt: skip


def results() -> Iterator[ResultLine]:
    """Yield the result lines of every scanned machine."""
    for number, machine in enumerate(MACHINES):
        for check, letter in zip(CHECKS, machine.verdicts, strict=False):
            yield result_line(number, machine, check, VERDICT_OF[letter])


REASON_OF: dict[Verdict, str] = {
    "pass": "It complies.",
    "manual": "This is for a person to judge.",
    "not_applicable": "The service is not installed.",
    "error": "The check took longer than its 30 seconds.",
}


def result_line(number: int, machine: Machine, check: Check, verdict: Verdict) -> ResultLine:
    """Return one result of one machine."""
    (account, account_name), region = machine.place
    received = machine.reason == "verified"
    reason = (
        check.reason
        if verdict == "fail" or check.check in {"few_administrators", "inbound_ports_limited"}
        else REASON_OF[verdict]
    )
    return {
        "schema": 1, "run": RUN, "account": account, "account_name": account_name, "region": region,
        "instance": instance_of(number), "instance_name": machine.name, "ami": "ami-0c2acfcb2ac4d02a0",
        "profile": PROFILE, "bundle": BUNDLE, "at": AT, "item": check.item, "check": check.check,
        "severity": check.severity, "verdict": verdict,
        "reason": reason if received else "The full result did not arrive; the verdict came over SSM.",
        "evidence": check.evidence if received and verdict in {"fail", "manual"} else [], "duration_ms": 40,
    }  # fmt: skip


def strays() -> list[Stray]:
    """Return one object that no digest names."""
    return [
        {
            "key": f"runs/{RUN}/{STAGING[0]}/{SEOUL}/0001-0/{instance_of(9)}/{'ab' * 32}.json.gz",
            "reason": "not_named_by_digest",
        }
    ]


def main(path: str, language: str = "en") -> None:
    """Write the page of the example, after runs with other scores, and the pages of its hosts beside it."""
    from fleetdx.cli.pages import write_report
    from fleetdx.reporting.summary import build_summary
    from fleetdx.score_store import point_of
    from fleetdx.storage import encode_lines

    summary = build_summary(facts(), ledger(), results(), catalog(), strays())
    point = point_of(summary)
    earlier = [
        {**point, "run": f"202611{day}T021500Z-3fa9c1", "at": f"2026-11-{day}T02:15:00Z", "value": value, "gaps": gaps}
        for day, value, gaps in ((10, 41.2, 0), (11, None, 15), (12, 52.8, 1), (16, 61.0, 0))
    ]
    summary["trend"] = {"points": [*earlier, point], "unreadable": False}  # type: ignore[list-item]
    directory = Path(path).parent
    (directory / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    (directory / "ledger.jsonl").write_bytes(encode_lines(ledger()))
    (directory / "results.jsonl").write_bytes(encode_lines(results()))
    write_report(directory, catalog(), "ko" if language == "ko" else "en")


if __name__ == "__main__":
    main(*sys.argv[1:])
