"""Tickets for files: once, for a minute, under one name."""

from __future__ import annotations

from console.tickets import MOST, SECONDS, Tickets


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_ticket_opens_once() -> None:
    """The second time it opens nothing."""
    tickets = Tickets()
    number = tickets.issue("runs/R/report.html", "report.html")
    ticket = tickets.redeem(number, "report.html")
    assert ticket is not None
    assert ticket.key == "runs/R/report.html"
    assert tickets.redeem(number, "report.html") is None


def test_a_ticket_opens_nothing_else() -> None:
    """Under another name it opens nothing, and is used up."""
    tickets = Tickets()
    number = tickets.issue("runs/R/report.html", "report.html")
    assert tickets.redeem(number, "summary.json") is None
    assert tickets.redeem(number, "report.html") is None
    assert tickets.redeem("another", "report.html") is None


def test_a_ticket_ends_after_a_minute() -> None:
    """Whoever finds the address in a history later opens nothing."""
    clock = Clock()
    tickets = Tickets(clock)
    early, late = (tickets.issue("key", "name") for _ in range(2))
    clock.now = SECONDS - 0.001
    assert tickets.redeem(early, "name") is not None
    clock.now = SECONDS
    assert tickets.redeem(late, "name") is None


def test_tickets_do_not_pile_up() -> None:
    """Of too many, the oldest gives way."""
    tickets = Tickets()
    first = tickets.issue("key", "name")
    others = [tickets.issue("key", "name") for _ in range(MOST)]
    assert len(set(others)) == MOST
    assert tickets.redeem(first, "name") is None
    assert tickets.redeem(others[0], "name") is not None
