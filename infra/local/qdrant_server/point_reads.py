"""Operations that read points."""

from typing import Any

import qdrant_edge as engine

from .errors import ApiError, invalid, malformed, unsupported
from .exchange import Call
from .filters import expect_object, key_of, optional_filter
from .identifiers import path_id, point_id, public_id
from .points import parse_ids, payload_selector, public_record, public_scored, vector_selector


def retrieve_points(call: Call) -> Any:
    """Points by id; unknown ids are left out. Without `with_payload` there is no payload."""
    points = parse_ids(call.fields.get("ids"), "ids")
    payload = payload_selector(call.fields.get("with_payload"), default=False)
    vectors = vector_selector(call.fields.get("with_vector"))
    return [
        public_record(record) for record in call.collection.shard.retrieve(points, payload, vectors)
    ]


def get_point(call: Call) -> Any:
    """One point with everything; unlike retrieving by ids, a missing one is 404."""
    records = call.collection.shard.retrieve([path_id(call.path["id"])], True, True)
    if not records:
        raise ApiError(404, f"Not found: Point with id {call.path['id']} does not exists!")
    return public_record(records[0])


def scroll_points(call: Call) -> Any:
    """A page of points by id, or by an indexed field, which then gives no next page."""
    fields = call.fields
    order, offset = fields.get("order_by"), fields.get("offset")
    if order is not None and offset is not None:
        raise ApiError(400, "Bad request: Cannot use an `offset` when using `order_by`")
    records, following = call.collection.shard.scroll(
        engine.ScrollRequest(
            offset=None if offset is None else point_id(offset),
            limit=limit(fields),
            filter=optional_filter(fields),
            with_payload=payload_selector(fields.get("with_payload"), default=True),
            with_vector=vector_selector(fields.get("with_vector")),
            order_by=None if order is None else order_by(order),
        )
    )
    return {
        "points": [public_record(record) for record in records],
        "next_page_offset": None if order is not None else public_id(following),
    }


def count_points(call: Call) -> Any:
    fields = {} if call.body is None else call.fields
    exact = fields.get("exact", True)
    return {
        "count": call.collection.shard.count(engine.CountRequest(exact, optional_filter(fields)))
    }


def facet_points(call: Call) -> Any:
    """How many points have each value of an indexed field, the most frequent first."""
    fields = call.fields
    if not isinstance(fields.get("key"), str):
        raise malformed("missing field `key`")
    request = engine.FacetRequest(
        fields["key"], limit(fields), fields.get("exact") or False, optional_filter(fields)
    )
    hits = call.collection.shard.facet(request).hits
    return {"hits": [{"value": public_value(hit.value), "count": hit.count} for hit in hits]}


def query_points(call: Call) -> Any:
    """Nearest points to a vector, points in order of a field, or just those that match."""
    fields = call.fields
    if fields.get("prefetch"):
        raise unsupported("prefetch")
    points = call.collection.shard.query(
        engine.QueryRequest(query=scoring(fields), **search_settings(fields, limit(fields)))
    )
    return {"points": [public_scored(point) for point in points]}


def search_points(call: Call) -> Any:
    """Nearest points, in the form that LiteLLM still sends (deprecated in the server's 1.18)."""
    fields = call.fields
    for name in ("vector", "limit"):
        if name not in fields:
            raise malformed(f"missing field `{name}`")
    named = fields["vector"] if isinstance(fields["vector"], dict) else {"vector": fields["vector"]}
    vector: Any = named.get("vector")
    points = call.collection.shard.search(
        engine.SearchRequest(
            engine.Query.Nearest(vector, named.get("name")),
            **search_settings(fields, limit(fields)),
        )
    )
    return [public_scored(point) for point in points]


def scoring(fields: dict[str, Any]) -> Any:
    query = fields.get("query")
    if query is None:
        return None
    if isinstance(query, dict) and query.keys() == {"order_by"}:
        return order_by(query["order_by"])
    if isinstance(query, dict) and query.keys() == {"nearest"}:
        query = query["nearest"]
    if not isinstance(query, list):
        raise unsupported("this kind of query")
    return engine.Query.Nearest(query, fields.get("using"))


def search_settings(fields: dict[str, Any], size: int) -> dict[str, Any]:
    return {
        "limit": size,
        "offset": fields.get("offset"),
        "filter": optional_filter(fields),
        "params": search_params(fields.get("params")),
        "with_payload": payload_selector(fields.get("with_payload"), default=False),
        "with_vector": vector_selector(fields.get("with_vector")),
        "score_threshold": fields.get("score_threshold"),
    }


def search_params(body: Any) -> engine.SearchParams | None:
    if body is None:
        return None
    params = dict(expect_object(body, "params"))
    quantization = params.pop("quantization", None)
    if quantization is not None:
        params["quantization"] = engine.QuantizationSearchParams(**quantization)
    return engine.SearchParams(**params)


def order_by(body: Any) -> engine.OrderBy:
    fields = {"key": body} if isinstance(body, str) else expect_object(body, "order_by")
    direction = engine.Direction.Desc if fields.get("direction") == "desc" else engine.Direction.Asc
    return engine.OrderBy(key_of(fields), direction, fields.get("start_from"))


def limit(fields: dict[str, Any]) -> int:
    """How many points to give back: 10 unless told, at least 1."""
    size = fields.get("limit")
    if size is None:
        return 10
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise malformed("invalid value for `limit`, expected an unsigned integer")
    if size == 0:
        raise invalid("limit", "value 0 invalid, must be 1 or larger")
    return size


def public_value(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)
