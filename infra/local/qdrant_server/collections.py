"""Collections on disk: one folder each, with the engine's shard and the body that created it.

<data>/<name>/collection.json   written last and atomically: without it there is no collection
<data>/<name>/shard/            the engine's files, safe by its write-ahead log
"""

import json
import os
import shutil
import threading
import urllib.parse
from itertools import count
from pathlib import Path
from typing import Any

import qdrant_edge as engine

from .errors import ApiError, missing_collection
from .schemas import engine_config, index_schema

FORBIDDEN_IN_NAMES = set('<>:"/\\|?*\0\x1f')


class Collection:
    """One open collection: its creation body, its index definitions and its shard."""

    def __init__(self, folder: Path, definition: dict[str, Any], shard: engine.EdgeShard):
        self.folder = folder
        self.definition = definition
        self.shard = shard
        self.operations = count()
        self.defining = threading.Lock()

    def update(self, operation: engine.UpdateOperation) -> int:
        """Apply a write; it is in the write-ahead log when this returns. Gives its number."""
        self.shard.update(operation)
        return next(self.operations)

    def create_index(self, field: str, schema: Any) -> int:
        operation = engine.UpdateOperation.create_field_index(field, index_schema(schema))
        with self.defining:
            number = self.update(operation)
            self.definition["indexes"][field] = schema
            self.save()
        return number

    def delete_index(self, field: str) -> int:
        with self.defining:
            number = self.update(engine.UpdateOperation.delete_field_index(field))
            self.definition["indexes"].pop(field, None)
            self.save()
        return number

    def save(self) -> None:
        """Replace the definition in one step, so that a crash leaves the old one or the new one."""
        draft = self.folder / "collection.json.draft"
        with draft.open("w") as file:
            json.dump(self.definition, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / "collection.json")


class Collections:
    """All collections of a data folder, opened at start."""

    def __init__(self, data: Path):
        self.data = data
        self.changing = threading.Lock()
        self.by_name: dict[str, Collection] = {}
        data.mkdir(parents=True, exist_ok=True)
        for folder in data.iterdir():
            self.open(folder)

    def open(self, folder: Path) -> None:
        definition = folder / "collection.json"
        if not definition.exists():  # a creation or a deletion that was cut short
            return
        name = urllib.parse.unquote(folder.name)
        shard = engine.EdgeShard.load(str(folder / "shard"))
        self.by_name[name] = Collection(folder, json.loads(definition.read_text()), shard)

    def get(self, name: str) -> Collection:
        """The collection, or a 404 for the caller."""
        if name not in self.by_name:
            raise missing_collection(name)
        return self.by_name[name]

    def create(self, name: str, body: dict[str, Any]) -> None:
        if not name or len(name) > 255 or name in (".", "..") or FORBIDDEN_IN_NAMES & set(name):
            raise ApiError(422, f"Validation error in path parameters: [name: invalid name {name}]")
        config = engine_config(body)
        with self.changing:
            if name in self.by_name:
                raise ApiError(409, f"Wrong input: Collection `{name}` already exists!")
            folder = self.data / urllib.parse.quote(name, safe="")
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "shard").mkdir(parents=True)
            shard = engine.EdgeShard.create(str(folder / "shard"), config)
            collection = Collection(folder, {"create": body, "indexes": {}}, shard)
            collection.save()
            self.by_name[name] = collection

    def delete(self, name: str) -> bool:
        """Drop a collection; whether there was one (dropping nothing is no error)."""
        with self.changing:
            collection = self.by_name.pop(name, None)
            if collection is None:
                return False
            (collection.folder / "collection.json").unlink()
            collection.shard.close()
            shutil.rmtree(collection.folder)
            return True

    def flush(self) -> None:
        """Write every shard's segments, so that the write-ahead logs stay short."""
        with self.changing:
            for collection in self.by_name.values():
                collection.shard.flush()

    def close(self) -> None:
        with self.changing:
            for collection in self.by_name.values():
                collection.shard.close()
