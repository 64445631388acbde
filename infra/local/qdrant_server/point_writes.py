"""Operations that change points."""

from typing import Any

from qdrant_edge import UpdateMode, UpdateOperation

from .errors import ApiError, malformed
from .exchange import Call
from .filters import expect_object, optional_filter, parse_filter
from .points import parse_ids, parse_points

MODES = {
    "upsert": UpdateMode.Upsert,
    "insert_only": UpdateMode.InsertOnly,
    "update_only": UpdateMode.UpdateOnly,
}


def upsert_points(call: Call) -> Any:
    """Write whole points; with `update_filter`, an existing one only if it matches."""
    mode = call.fields.get("update_mode") or "upsert"
    if mode not in MODES:
        raise malformed(
            f"unknown variant `{mode}`, expected one of `upsert`, `insert_only`, `update_only`"
        )
    # A new point is written whatever the filter says, and `insert_only` does not look at it.
    condition = None if mode == "insert_only" else optional_filter(call.fields, "update_filter")
    operation = UpdateOperation.upsert_points(parse_points(call.fields), condition, MODES[mode])
    return call.accepted(call.collection.update(operation))


def delete_points(call: Call) -> Any:
    """Delete by ids or by filter. A body with both is read as the ids alone, as on the server."""
    if "points" in call.fields:
        operation = UpdateOperation.delete_points(parse_ids(call.fields["points"], "points"))
    elif call.fields.get("filter") is not None:
        operation = UpdateOperation.delete_points_by_filter(parse_filter(call.fields["filter"]))
    else:
        raise malformed("data did not match any variant of untagged enum PointsSelector")
    return call.accepted(call.collection.update(operation))


def set_payload(call: Call) -> Any:
    """Merge fields into the payloads of the points with these ids, or those that match."""
    fields = call.fields
    if "payload" not in fields:
        raise malformed("missing field `payload`")
    payload, key = expect_object(fields["payload"], "payload"), fields.get("key")
    if fields.get("points") is not None:
        points = parse_ids(fields["points"], "points")
        operation = UpdateOperation.set_payload(points, payload, key)
    elif fields.get("filter") is not None:
        operation = UpdateOperation.set_payload_by_filter(
            parse_filter(fields["filter"]), payload, key
        )
    else:
        raise ApiError(400, "Bad request: No filter or points specified")
    return call.accepted(apply_to_existing(call, operation))


def apply_to_existing(call: Call, operation: UpdateOperation) -> int:
    """A missing point is an error only to those who wait for the outcome."""
    try:
        return call.collection.update(operation)
    except ApiError:
        raise
    except Exception as error:
        if call.wait or not str(error).startswith("No point with id"):
            raise
        return next(call.collection.operations)
