"""Points: bodies to engine points, selectors, and engine records back to JSON."""

from typing import Any

import qdrant_edge as engine

from .errors import malformed
from .filters import expect_object
from .identifiers import point_id, public_id


def parse_points(body: dict[str, Any]) -> list[engine.Point]:
    """The points of an upsert, in the list form or the column (`batch`) form."""
    if isinstance(body.get("points"), list):
        return [parse_point(item) for item in body["points"]]
    if "batch" in body:
        return [parse_point(item) for item in rows(expect_object(body["batch"], "batch"))]
    raise malformed("missing field `points`")


def rows(batch: dict[str, Any]) -> list[dict[str, Any]]:
    """The column form as points: parallel lists of ids, vectors and (optional) payloads."""
    identifiers, vectors = batch.get("ids"), batch.get("vectors")
    if not isinstance(identifiers, list) or vectors is None:
        raise malformed("batch needs `ids` and `vectors`")
    if isinstance(vectors, dict):  # one column for each named vector
        vectors = [
            {name: column[row] for name, column in vectors.items()}
            for row in range(len(identifiers))
        ]
    payloads = batch.get("payloads") or [None] * len(identifiers)
    if not len(identifiers) == len(vectors) == len(payloads):
        raise malformed("batch columns differ in length")
    return [
        {"id": identifier, "vector": vector, "payload": payload}
        for identifier, vector, payload in zip(identifiers, vectors, payloads, strict=True)
    ]


def parse_point(body: Any) -> engine.Point:
    fields = expect_object(body, "point")
    if "id" not in fields:
        raise malformed("missing field `id`")
    # A point without vectors says so with `{}`; leaving the field out is an error.
    if "vector" not in fields and "vectors" not in fields:
        raise malformed("missing field `vector`")
    payload = fields.get("payload")
    return engine.Point(
        point_id(fields["id"]),
        parse_vectors(fields.get("vector", fields.get("vectors"))),
        {} if payload is None else expect_object(payload, "payload"),
    )


def parse_vectors(body: Any) -> Any:
    """An unnamed vector, or named ones; a sparse one is `{"indices": …, "values": …}`."""
    if isinstance(body, list):
        # The engine would take an empty list for "no vector"; the server looks for the default one.
        return {"": body}
    return {name: parse_vector(vector) for name, vector in expect_object(body, "vector").items()}


def parse_vector(body: Any) -> Any:
    if isinstance(body, dict):
        if body.keys() != {"indices", "values"}:
            raise malformed("a sparse vector has `indices` and `values`")
        return engine.SparseVector(body["indices"], body["values"])
    return body


def parse_ids(items: Any, field: str) -> list[Any]:
    if not isinstance(items, list):
        raise malformed(f"missing field `{field}`")
    return [point_id(item) for item in items]


def payload_selector(value: Any, default: bool) -> Any:
    """`true`, `false`, a list of fields, `{"include": …}` or `{"exclude": …}`."""
    if value is None:
        return default
    if isinstance(value, bool | list):
        return value
    fields = expect_object(value, "with_payload")
    if fields.keys() == {"include"}:
        return engine.PayloadSelector.Include(fields["include"])
    if fields.keys() == {"exclude"}:
        return engine.PayloadSelector.Exclude(fields["exclude"])
    raise malformed("with_payload takes `include` or `exclude`")


def vector_selector(value: Any) -> Any:
    if value is None or isinstance(value, bool | list):
        return value or False
    raise malformed("with_vector takes a boolean or a list of names")


def public_record(record: engine.Record | engine.ScoredPoint) -> dict[str, Any]:
    """A stored point as the API shows it; what was not asked for is left out, not null."""
    shown: dict[str, Any] = {"id": public_id(record.id)}
    if record.payload is not None:
        shown["payload"] = record.payload
    if record.vector is not None:
        shown["vector"] = public_vectors(record.vector)
    if record.order_value is not None:
        shown["order_value"] = record.order_value
    return shown


def public_scored(point: engine.ScoredPoint) -> dict[str, Any]:
    """A search result: a record with its version and score."""
    return {"version": point.version, "score": point.score, **public_record(point)}


def public_vectors(vectors: Any) -> Any:
    if isinstance(vectors, dict):
        return {name: public_vectors(vector) for name, vector in vectors.items()}
    if isinstance(vectors, engine.SparseVector):
        return {"indices": vectors.indices, "values": vectors.values}
    return vectors
