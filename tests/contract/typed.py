"""Compares JSON values with the TypedDicts that describe them."""

from __future__ import annotations

import types
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict


def fields_of(shape: Any) -> tuple[dict[str, Any], set[str]]:
    """The fields of a TypedDict with their types, and the names that may be absent."""
    hints = get_type_hints(shape, include_extras=True)
    optional = {name for name, hint in hints.items() if get_origin(hint) is NotRequired}
    return get_type_hints(shape), optional


def problems(value: Any, shape: Any, place: str = "$", *, exact: bool = False) -> list[str]:
    """Where a value differs from a type; fields that a TypedDict does not name count only where it is to be exact."""
    origin, arguments = get_origin(shape), get_args(shape)
    found: list[str] = []
    if is_typeddict(shape):
        found = _typed_dict_problems(value, shape, place, exact=exact)
    elif origin in {NotRequired, Required}:
        found = problems(value, arguments[0], place, exact=exact)
    elif origin in {Union, types.UnionType}:
        found = min((problems(value, one, place, exact=exact) for one in arguments), key=len)
    elif origin is list and isinstance(value, list):
        parts = (problems(one, arguments[0], f"{place}[{n}]", exact=exact) for n, one in enumerate(value))
        found = [problem for part in parts for problem in part]
    elif not _is_one(value, shape):
        found = [f"{place} is {value!r}"]
    return found


def _is_one(value: Any, shape: Any) -> bool:
    """Whether a value is of a type without parts; in JSON, true is no number."""
    if get_origin(shape) is Literal:
        return value in get_args(shape)
    return shape is Any or (
        isinstance(value, get_origin(shape) or shape) and isinstance(value, bool) == (shape is bool)
    )


def _typed_dict_problems(value: Any, shape: Any, place: str, *, exact: bool) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place} is no object"]
    hints, optional = fields_of(shape)
    found = [f"{place}.{name} is missing" for name in hints if name not in value and name not in optional]
    if exact:
        found += [f"{place}.{name} is not in the type" for name in value if name not in hints]
    for name, hint in hints.items():
        if name in value:
            found += problems(value[name], hint, f"{place}.{name}", exact=exact)
    return found
