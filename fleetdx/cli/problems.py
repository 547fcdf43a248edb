"""What a person did wrong, told so that they can mend it."""

from __future__ import annotations

EXIT_DONE = 0
EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_FINDINGS = 3
EXIT_INCOMPLETE = 4
EXIT_INTERRUPTED = 130


class EmbeddedAwsUnreachable(Exception):
    """Another process holds the embedded AWS of this checkout but does not answer."""


class UsageProblem(Exception):
    """An option or an argument that cannot be used; nothing was started.

    Attributes:
        place: The option, or the JSON pointer of the fault in a request.
        sentence: What is wrong and what to do.
    """

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(f"{place}: {sentence}")
        self.place = place
        self.sentence = sentence


class AwsRefusal(Exception):
    """AWS has refused a call with the caller's credentials, or has not answered.

    Attributes:
        exit_code: What the command ends with: 2 where the caller can mend it and nothing was started, else 1.
    """

    def __init__(self, sentence: str, exit_code: int = EXIT_ERROR) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
