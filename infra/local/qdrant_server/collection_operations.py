"""Operations on collections and their payload indexes."""

from typing import Any

from .errors import malformed
from .exchange import Call

# What the real server reports for settings that this server does not have.
FIXED_CONFIG: dict[str, Any] = {
    "hnsw_config": {
        "m": 16,
        "ef_construct": 100,
        "full_scan_threshold": 10000,
        "max_indexing_threads": 0,
    },
    "optimizer_config": {
        "deleted_threshold": 0.2,
        "vacuum_min_vector_number": 1000,
        "default_segment_number": 0,
        "flush_interval_sec": 5,
    },
    "wal_config": {"wal_capacity_mb": 32, "wal_segments_ahead": 0, "wal_retain_closed": 1},
}
FIXED_PARAMS = {
    "shard_number": 1,
    "replication_factor": 1,
    "write_consistency_factor": 1,
    "on_disk_payload": True,
}


def list_collections(call: Call) -> Any:
    return {"collections": [{"name": name} for name in list(call.collections.by_name)]}


def collection_exists(call: Call) -> Any:
    return {"exists": call.path["collection"] in call.collections.by_name}


def create_collection(call: Call) -> Any:
    call.collections.create(call.path["collection"], {} if call.body is None else call.fields)
    return True


def delete_collection(call: Call) -> Any:
    return call.collections.delete(call.path["collection"])


def describe_collection(call: Call) -> Any:
    collection = call.collection
    info, created = collection.shard.info(), collection.definition["create"]
    config = {
        "params": {**FIXED_PARAMS, "vectors": created.get("vectors") or {}},
        **FIXED_CONFIG,
        "quantization_config": created.get("quantization_config"),
    }
    if "metadata" in created:
        config["metadata"] = created["metadata"]
    return {
        "status": "green",
        "optimizer_status": "ok",
        "indexed_vectors_count": info.indexed_vectors_count,
        "points_count": info.points_count,
        "segments_count": info.segments_count,
        "config": config,
        "payload_schema": {
            field: describe_index(collection.definition["indexes"].get(field), index)
            for field, index in info.payload_schema.items()
        },
        "update_queue": {"length": 0},
    }


def describe_index(schema: Any, index: Any) -> dict[str, Any]:
    """The index as the engine has it, with the parameters that it was asked for."""
    described = {
        "data_type": str(index.data_type).rsplit(".", 1)[-1].lower(),
        "points": index.points,
    }
    return {**described, "params": schema} if isinstance(schema, dict) else described


def create_index(call: Call) -> Any:
    field, schema = call.fields.get("field_name"), call.fields.get("field_schema")
    if not isinstance(field, str) or schema is None:
        raise malformed("missing field `field_name` or `field_schema`")
    return call.accepted(call.collection.create_index(field, schema))


def delete_index(call: Call) -> Any:
    return call.accepted(call.collection.delete_index(call.path["field"]))
