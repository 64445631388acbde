"""Filters: from the API's JSON to the engine's classes, refusing whatever is not understood.

A filter deletes and hides points, so a misspelt field must never be skipped silently.
"""

from typing import Any

import qdrant_edge as engine

from .errors import malformed, unsupported
from .identifiers import point_id

CLAUSES = ("must", "should", "must_not")
MATCHES = {
    "value": engine.MatchValue,
    "any": engine.MatchAny,
    "except": engine.MatchExcept,
    "text": engine.MatchText,
    "text_any": engine.MatchTextAny,
    "phrase": engine.MatchPhrase,
    "prefix": engine.MatchPrefix,
}
BOUNDS = {"lt", "lte", "gt", "gte"}
GEO = {"geo_bounding_box", "geo_radius", "geo_polygon"}


def parse_filter(body: Any) -> engine.Filter:
    """The engine's filter; `{}` matches every point, as on the real server."""
    fields = expect_object(body, "filter")
    refuse_unknown(fields, {*CLAUSES, "min_should"})
    clauses: dict[str, Any] = {
        clause: conditions(fields[clause]) for clause in CLAUSES if fields.get(clause) is not None
    }
    if fields.get("min_should") is not None:
        clauses["min_should"] = min_should(fields["min_should"])
    return engine.Filter(**clauses)


def optional_filter(body: dict[str, Any], name: str = "filter") -> engine.Filter | None:
    """The filter in this field of a request, if it has one."""
    return None if body.get(name) is None else parse_filter(body[name])


def min_should(body: Any) -> engine.MinShould:
    fields = expect_object(body, "min_should")
    refuse_unknown(fields, {"conditions", "min_count"})
    if not isinstance(fields.get("min_count"), int):
        raise malformed("missing field `min_count`")
    return engine.MinShould(conditions(fields.get("conditions")), fields["min_count"])


def conditions(body: Any) -> list[Any]:
    """A clause holds a list of conditions, or one condition without the list."""
    return [condition(item) for item in (body if isinstance(body, list) else [body])]


def condition(body: Any) -> Any:
    fields = expect_object(body, "condition")
    if "key" in fields:
        return field_condition(fields)
    if len(fields) == 1:
        [(kind, value)] = fields.items()
        if kind == "has_id" and isinstance(value, list):
            return engine.HasIdCondition({point_id(item) for item in value})
        if kind in ("is_empty", "is_null"):
            key = key_of(expect_object(value, kind))
            return (
                engine.IsEmptyCondition(key) if kind == "is_empty" else engine.IsNullCondition(key)
            )
        if kind == "has_vector" and isinstance(value, str):
            return engine.HasVectorCondition(value)
        if kind == "nested":
            nested = expect_object(value, kind)
            return engine.NestedCondition(key_of(nested), parse_filter(nested.get("filter")))
    # Anything else is a filter inside the filter; its own parsing refuses unknown fields.
    return parse_filter(fields)


def field_condition(fields: dict[str, Any]) -> engine.FieldCondition:
    if GEO & fields.keys():
        raise unsupported("geo conditions")
    refuse_unknown(fields, {"key", "match", "range", "values_count", "is_empty", "is_null"})
    tests: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    key = key_of(fields)
    tests.pop("key")
    if not tests:
        raise malformed("a condition on a key needs a match, range or values_count")
    if "match" in tests:
        tests["match"] = match(tests["match"])
    if "range" in tests:
        tests["range"] = value_range(tests["range"])
    if "values_count" in tests:
        tests["values_count"] = engine.ValuesCount(**bounds(tests["values_count"]))
    return engine.FieldCondition(key, **tests)


def match(body: Any) -> Any:
    fields = expect_object(body, "match")
    refuse_unknown(fields, MATCHES.keys())
    if len(fields) != 1:
        raise malformed("match takes exactly one test")
    [(kind, value)] = fields.items()
    return MATCHES[kind](value)


def value_range(body: Any) -> Any:
    """Numbers, or RFC 3339 date-times; not both in one range."""
    limits = bounds(body)
    kinds = {isinstance(limit, str) for limit in limits.values()}
    if len(kinds) > 1:
        raise malformed("range mixes numbers and date-times")
    return engine.RangeDateTime(**limits) if kinds == {True} else engine.RangeFloat(**limits)


def bounds(body: Any) -> dict[str, Any]:
    fields = expect_object(body, "range")
    refuse_unknown(fields, BOUNDS)
    return {name: value for name, value in fields.items() if value is not None}


def key_of(fields: dict[str, Any]) -> str:
    key = fields.get("key")
    if not isinstance(key, str):
        raise malformed("missing field `key`")
    return key


def expect_object(body: Any, what: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise malformed(f"invalid type for {what}, expected an object")
    return body


def refuse_unknown(fields: dict[str, Any], known: Any) -> None:
    for name in fields:
        if name not in known:
            expected = ", ".join(f"`{item}`" for item in sorted(known))
            raise malformed(f"unknown field `{name}`, expected one of {expected}")
