"""One request and its answer: body limits, query options, the envelope, errors."""

import json
import time
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from .collections import Collection, Collections
from .errors import ApiError, from_engine, malformed

BODY_LIMIT_BYTES = 32 * 1024 * 1024
OPEN_PATHS = ("/", "/healthz")
OPEN_PREFIXES = ("/readyz", "/livez")


class Call:
    """What an operation gets to see of a request."""

    def __init__(self, request: Request, body: Any):
        self.collections: Collections = request.app.state.collections
        self.path = request.path_params
        self.body = body
        self.wait = flag(request, "wait")

    @property
    def fields(self) -> dict[str, Any]:
        """The body, which must be an object."""
        if not isinstance(self.body, dict):
            raise malformed("expected an object")
        return self.body

    @property
    def collection(self) -> Collection:
        """The collection named in the path, or a 404."""
        return self.collections.get(self.path["collection"])

    def accepted(self, number: int) -> dict[str, Any]:
        """The answer to a write: without `wait=true` the server only promises to apply it."""
        return {"operation_id": number, "status": "completed" if self.wait else "acknowledged"}


def endpoint(operation: Callable[[Call], Any]) -> Callable[[Request], Any]:
    """The route handler that answers with the operation's result in Qdrant's envelope."""

    async def handle(request: Request) -> Response:
        started = time.perf_counter()
        try:
            refusal = unauthorized(request)
            if refusal:
                return refusal
            call = Call(request, await read_body(request))
            # The engine works outside the event loop: a slow filter must not stall a lookup.
            result = await run_in_threadpool(run, operation, call)
        except ApiError as error:
            return answer(error.status, {"status": {"error": error.message}}, started)
        return answer(200, {"result": result, "status": "ok"}, started)

    return handle


def run(operation: Callable[[Call], Any], call: Call) -> Any:
    try:
        return operation(call)
    except ApiError:
        raise
    except (TypeError, ValueError) as error:  # a value of the wrong kind met an engine class
        raise malformed(str(error).splitlines()[0]) from error
    except Exception as error:
        raise from_engine(error, call.path.get("collection", "")) from error


async def read_body(request: Request) -> Any:
    """The parsed JSON body; None without one. Too large is 400 here, not 413."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        # What is over the limit is read and dropped, so that the caller gets the answer.
        if size <= BODY_LIMIT_BYTES:
            body += chunk
    if size > BODY_LIMIT_BYTES:
        raise ApiError(
            400,
            f"JSON payload ({size} bytes) is larger than allowed (limit: {BODY_LIMIT_BYTES} bytes)",
        )
    if not size:
        return None
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise ApiError(400, "Content type error")
    try:
        return json.loads(body)
    except ValueError as error:
        raise malformed(str(error)) from error


def flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name, "false")
    if value not in ("true", "false"):
        raise ApiError(400, f"Format error in query parameters: {name} must be true or false")
    return value == "true"


def unauthorized(request: Request) -> Response | None:
    """The refusal of a request without the right key; plain text, as the real middleware's."""
    key, path = request.app.state.api_key, request.url.path
    if not key or path in OPEN_PATHS or path.startswith(OPEN_PREFIXES):
        return None
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    given = request.headers.get("api-key") or bearer
    if given == key:
        return None
    reason = (
        "Invalid API key or JWT"
        if given
        else "Must provide an API key or an Authorization bearer token"
    )
    return PlainTextResponse(reason, 401)


def answer(status: int, content: dict[str, Any], started: float) -> Response:
    content["time"] = round(time.perf_counter() - started, 9)
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(errors="surrogatepass"), status, media_type="application/json")
