"""Whether the Condition of a policy's statement holds, as far as it is understood. Pure.

Source: "IAM JSON policy elements: Condition operators" in the IAM user guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from emulator.front_door.globs import arn_matches, as_list, glob_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, actual: wanted == actual,
    "StringLike": glob_matches,
    "Bool": lambda wanted, actual: wanted.lower() == actual,
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
}


def conditions_hold(
    condition: object, context: Mapping[str, str], known_keys: Collection[str] | None = None
) -> bool | None:
    """Tell whether all conditions hold; None: it depends on something not understood.

    Args:
        condition: A statement's Condition; None where it has none.
        context: Values of condition keys, keys in lower case. A key that is known and has no value matches nothing.
        known_keys: The keys, in lower case, whose values would be in the context if the request had them; None: all.
    """
    if condition is None:
        return True
    if not isinstance(condition, Mapping) or not all(isinstance(tests, Mapping) for tests in condition.values()):
        return None
    answers = [
        _condition(str(operator), as_list(values), str(key).lower(), context, known_keys)
        for operator, tests in condition.items()
        for key, values in tests.items()
    ]
    return False if False in answers else (None if None in answers else True)


def _condition(
    operator: str, values: list[Any], key: str, context: Mapping[str, str], known_keys: Collection[str] | None
) -> bool | None:
    matches = _OPERATORS.get(operator)
    if matches is None or (known_keys is not None and key not in known_keys):
        return None
    if not all(isinstance(value, str) for value in values):
        return None
    actual = context.get(key)
    return actual is not None and any(matches(value, actual) for value in values)
