"""What a collection and its payload indexes are made of: creation bodies to engine settings."""

from typing import Any

import qdrant_edge as engine

from .errors import malformed, unsupported
from .filters import expect_object

DISTANCES = {
    "Cosine": engine.Distance.Cosine,
    "Euclid": engine.Distance.Euclid,
    "Dot": engine.Distance.Dot,
    "Manhattan": engine.Distance.Manhattan,
}
INDEXES = {
    "keyword": engine.KeywordIndexParams,
    "integer": engine.IntegerIndexParams,
    "float": engine.FloatIndexParams,
    "bool": engine.BoolIndexParams,
    "datetime": engine.DatetimeIndexParams,
    "uuid": engine.UuidIndexParams,
}
# The server's `memory` levels and `on_disk` only move an index between RAM and disk.
PLACEMENT = {"on_disk", "memory"}


def engine_config(body: dict[str, Any]) -> engine.EdgeConfig:
    """Engine settings for a collection's creation body; unknown tuning fields are ignored."""
    vectors = dense_vectors(body.get("vectors"))
    sparse = {name: engine.EdgeSparseVectorParams() for name in body.get("sparse_vectors") or {}}
    if not vectors and not sparse:
        # The engine refuses a collection without any vector; an unused sparse one costs nothing.
        sparse = {"_": engine.EdgeSparseVectorParams()}
    return engine.EdgeConfig(
        vectors=vectors or None,
        sparse_vectors=sparse or None,
        quantization_config=quantization(body.get("quantization_config")),
    )


def dense_vectors(body: Any) -> dict[str, engine.EdgeVectorParams]:
    """Vector settings by name; one unnamed vector has the empty name."""
    fields = {} if body is None else expect_object(body, "vectors")
    named = {"": fields} if "size" in fields else fields
    return {name: vector_params(params) for name, params in named.items()}


def vector_params(body: Any) -> engine.EdgeVectorParams:
    fields = expect_object(body, "vectors")
    size, distance = fields.get("size"), fields.get("distance")
    if not isinstance(size, int) or size < 1 or distance not in DISTANCES:
        raise malformed("vectors need a `size` of at least 1 and a `distance`")
    return engine.EdgeVectorParams(size=size, distance=DISTANCES[distance])


def quantization(body: Any) -> Any:
    if body is None:
        return None
    [(kind, settings)] = expect_object(body, "quantization_config").items()
    in_ram = settings.get("always_ram")
    if kind == "binary":
        return engine.BinaryQuantizationConfig(always_ram=in_ram)
    if kind == "scalar":
        return engine.ScalarQuantizationConfig(
            engine.ScalarType.Int8, quantile=settings.get("quantile"), always_ram=in_ram
        )
    raise unsupported(f"{kind} quantization")


def index_schema(body: Any) -> Any:
    """An index by its type's name, or by an object with the type and its parameters."""
    fields = {"type": body} if isinstance(body, str) else expect_object(body, "field_schema")
    kind = fields.get("type")
    if kind in ("text", "geo"):
        raise unsupported(f"{kind} indexes")
    if kind not in INDEXES:
        raise malformed(f"unknown index type `{kind}`")
    return INDEXES[kind](
        **{
            name: value
            for name, value in fields.items()
            if name != "type" and name not in PLACEMENT
        }
    )
