"""What the scanner promises about a host: it only reads, it stays inside the root, and it never guesses."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SCANNER = Path(__file__).resolve().parents[2] / "scan_scripts" / "scan.sh"
BUSY_HOST = """
typical_accounts
give_alice_a_password
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/sshd_config.d/*.conf
