"""Random configurations of OpenSSH's server: Include, drop-ins, Match, quotes, comments, repeated and oddly written."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "sshd_config.d/10-first.conf",
    "sshd_config.d/50-cloud.conf",
    "sshd_config.d/90.conf.off",
    "extra/a b.conf",
    "z",
)
PATTERNS = (
    "/etc/ssh/sshd_config.d/*.conf",
    "sshd_config.d/*",
    "/etc/ssh/sshd_config.d/[19]*.conf z",
    '"/etc/ssh/extra/a b.conf"',
    "extra/a\\ b.conf",
    "/etc/ssh/*.d/50-?loud.conf /etc/ssh/none/*.conf",
    "/etc/*/z",
)
VALUES = {
    "PermitRootLogin": ("yes", "no", "No", "YES", "prohibit-password", "without-password", "forced-commands-only"),
    "Banner": ("none", "None", "/etc/issue", "/etc/issue.net", "/etc/a#b"),
    "X11Forwarding": ("yes", "no"),
}
CRITERIA = {
    "User": ("root", "ROOT", "r*t", "!root,*", "*,!backup", "alice,root", "backup", "?oot"),
    "Group": ("root", "!root,*", "adm,ro*", "nobody"),
    "Host": ("client.example.com", "*.example.com", "!client.*,*", "*.EXAMPLE.com", "other"),
    "Address": ("10.0.0.0/8", "10.1.2.3", "10.1.*", "!10.0.0.0/8,*", "*", "2001:db8::/32,10.1.2.0/23", "192.0.2.0/24"),
    "LocalAddress": ("192.0.2.2", "10.0.0.0/8"),
    "LocalPort": ("22", "2222"),
}
CONNECTIONS = (
    "",
    "user=root,host=client.invalid,addr=192.0.2.1,laddr=192.0.2.2,lport=22",
    "user=root,host=client.example.com,addr=10.1.2.3,laddr=10.0.0.1,lport=2222",
    "user=backup,host=db.example.com,addr=10.1.3.9,laddr=192.0.2.2,lport=22",
)


class RandomConfiguration:
    """Writes one configuration below a directory.

    Attributes:
        source: Where randomness comes from; the same seed writes the same files.
    """

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)  # noqa: S311 - no secret

    def write(self, directory: Path) -> None:
        """Write sshd_config and what it includes; only the main file includes, so that no circle arises."""
        for name in FILES:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._text(self.source.randrange(5), includes=name == "z"), encoding="utf-8")
        main = self._text(self.source.randrange(3, 14), includes=True, deep=True)
        (directory / "sshd_config").write_text(main, encoding="utf-8")

    def _text(self, lines: int, *, includes: bool, deep: bool = False) -> str:
        end = self.source.choice(("\n", "\n", "\n", "\r\n"))
        text = end.join(self._line(includes=includes, deep=deep) for _ in range(lines))
        return text + self.source.choice((end, ""))

    def _line(self, *, includes: bool, deep: bool) -> str:
        kind = self.source.random()
        if includes and kind < 0.2:
            # A file that others include may include only what includes nothing itself.
            patterns = PATTERNS if deep else PATTERNS[:1]
            return self._indented(f"{self._cased('Include')} {self.source.choice(patterns)}{self._comment()}")
        if kind < 0.4:
            return self._indented(f"{self._cased('Match')} {self._criteria()}{self._comment()}")
        if kind < 0.55:
            return self.source.choice(("", "   ", "# PermitRootLogin yes", "  #Match all", "\t"))
        keyword = self.source.choice(tuple(VALUES))
        value = self._quoted(self.source.choice(VALUES[keyword]))
        return self._indented(f"{self._keyword_and_blank(keyword)}{value}{self._comment()}")

    def _criteria(self) -> str:
        if self.source.random() < 0.2:
            return self._cased("all")
        names = self.source.sample(tuple(CRITERIA), self.source.choice((1, 1, 2)))
        between = self.source.choice((" ", "=", " = ", "  "))
        return " ".join(f"{self._cased(name)}{between}{self.source.choice(CRITERIA[name])}" for name in names)

    def _keyword_and_blank(self, keyword: str) -> str:
        keyword = self._cased(keyword)
        # Behind a keyword in quotes sshd takes no "=".
        return f'"{keyword}" ' if self.source.random() < 0.1 else keyword + self._between()

    def _cased(self, word: str) -> str:
        return self.source.choice((word, word, word.lower(), word.upper(), word.swapcase()))

    def _between(self) -> str:
        return self.source.choice((" ", " ", "\t", "=", " = ", "= ", "   "))

    def _quoted(self, value: str) -> str:
        return self.source.choice((value, value, f'"{value}"', f"'{value}'", f'{value[:2]}"{value[2:]}"'))

    def _comment(self) -> str:
        return self.source.choice(("", "", "", " # yes", "\t#no", "   "))

    def _indented(self, line: str) -> str:
        return self.source.choice(("", "", "    ", "\t")) + line
