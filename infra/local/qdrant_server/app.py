"""The map: every route of the API that this server has, and what answers it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from . import collection_operations as collections
from . import point_reads as reads
from . import point_writes as writes
from .collections import Collections
from .exchange import endpoint

# The API version that is imitated; clients compare it with their own.
VERSION = {"title": "qdrant - local server over qdrant-edge", "version": "1.19.0"}
FLUSH_EVERY_SECONDS = 5


def app(data: Path, api_key: str | None) -> Starlette:
    """The server over the collections in this folder; without a key it is open."""
    served = Starlette(routes=routes(), lifespan=lifespan, exception_handlers={404: not_found})
    served.state.collections = Collections(data)
    served.state.api_key = api_key
    return served


def routes() -> list[Route]:
    one = "/collections/{collection}"
    return [
        Route("/", lambda request: JSONResponse(VERSION)),
        Route("/healthz", lambda request: PlainTextResponse("healthz check passed")),
        Route("/livez", lambda request: PlainTextResponse("healthz check passed")),
        Route("/readyz", lambda request: PlainTextResponse("all shards are ready")),
        on("GET", "/collections", collections.list_collections),
        on("GET", one, collections.describe_collection),
        on("PUT", one, collections.create_collection),
        on("DELETE", one, collections.delete_collection),
        on("GET", f"{one}/exists", collections.collection_exists),
        on("PUT", f"{one}/index", collections.create_index),
        on("DELETE", f"{one}/index/{{field}}", collections.delete_index),
        on("PUT", f"{one}/points", writes.upsert_points),
        on("POST", f"{one}/points/delete", writes.delete_points),
        on("POST", f"{one}/points/payload", writes.set_payload),
        on("POST", f"{one}/points", reads.retrieve_points),
        on("POST", f"{one}/points/scroll", reads.scroll_points),
        on("POST", f"{one}/points/count", reads.count_points),
        on("POST", f"{one}/points/query", reads.query_points),
        on("POST", f"{one}/points/search", reads.search_points),
        on("POST", f"{one}/facet", reads.facet_points),
        on("GET", f"{one}/points/{{id}}", reads.get_point),
    ]


def on(method: str, path: str, operation: Any) -> Route:
    return Route(path, endpoint(operation), methods=[method])


async def not_found(request: Request, error: Exception) -> Response:
    """An unknown route is 404 with an empty body, unlike a missing collection."""
    return Response(status_code=404)


@contextlib.asynccontextmanager
async def lifespan(served: Starlette) -> AsyncIterator[None]:
    """Flush while serving, close at the end; a kill in between loses nothing, it only replays."""
    flushing = asyncio.create_task(keep_flushing(served.state.collections))
    yield
    flushing.cancel()
    await run_in_threadpool(served.state.collections.close)


async def keep_flushing(collections: Collections) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY_SECONDS)
        await run_in_threadpool(collections.flush)
