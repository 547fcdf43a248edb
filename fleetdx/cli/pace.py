"""How often a command looks at what goes on: the embedded AWS may be asked at any rate, AWS counts and bills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Pace:
    """How often a command looks at what goes on.

    Attributes:
        first: Seconds until the second look.
        most: Seconds between looks in the end; each wait is half as long again as the one before.
        call: Seconds that each call of a look stands for, where one look takes many.
        unseen: Seconds for which a queue has to look empty before it is taken for empty.
    """

    first: float = 0.5
    most: float = 0.5
    call: float = 0.0
    unseen: float = 0.0

    def waits(self) -> Iterator[float]:
        """The seconds between one look and the next, without end."""
        wait = self.first
        while True:
            yield wait
            wait = min(wait * 1.5, self.most)


EMBEDDED_PACE: Final = Pace()
AWS_PACE: Final = Pace(first=1.0, most=10.0, call=0.1, unseen=60.0)
"""Step Functions answers 10 DescribeExecution a second in most regions once a burst is used up ("Quotas for Standard
workflows"), and a look lists three prefixes in S3, which is billed. What SQS says of a queue's messages is right a
minute after they have stopped moving (GetQueueAttributes)."""
