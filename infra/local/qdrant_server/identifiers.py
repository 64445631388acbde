"""Point ids: unsigned 64-bit integers or UUIDs, given back in one canonical form."""

import re
import uuid
from typing import Any

from .errors import ApiError, malformed

UUID_FORM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LARGEST = 2**64 - 1


def point_id(value: Any) -> int | uuid.UUID:
    """The engine's id for an id in a JSON body, where a string is never read as a number."""
    if isinstance(value, str) and UUID_FORM.fullmatch(value):
        return uuid.UUID(value)
    # JSON `true` is an int to Python.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    raise malformed(
        f"value {value} is not a valid point ID, "
        "valid values are either an unsigned integer or a UUID"
    )


def path_id(text: str) -> int | uuid.UUID:
    """The engine's id for an id in a path, where decimal digits are a number before all else."""
    if text.isdecimal() and int(text) <= LARGEST:
        return int(text)
    if UUID_FORM.fullmatch(text):
        return uuid.UUID(text)
    raise ApiError(400, f'Wrong input: Can not recognize "{text}" as point id')


def public_id(identifier: int | str | uuid.UUID | None) -> int | str | None:
    """The id as the API shows it: hyphenated lower case for UUIDs, whatever form was sent."""
    return identifier if isinstance(identifier, int) or identifier is None else str(identifier)
