"""Refusals, worded and numbered as the real server does (its src/actix/helpers.rs)."""


class ApiError(Exception):
    """A refusal that reaches the caller as `{"status": {"error": message}}`."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
        self.message = message


def malformed(reason: str) -> ApiError:
    """The body is not what the operation expects."""
    return ApiError(400, f"Format error in JSON body: {reason}")


def invalid(field: str, reason: str) -> ApiError:
    """The body has the right shape and a value out of bounds."""
    return ApiError(422, f"Validation error in JSON body: [{field}: {reason}]")


def unsupported(what: str) -> ApiError:
    """The real server could do this; the local one says so instead of doing something else."""
    return ApiError(400, f"Not supported by the local Qdrant server: {what}")


def missing_collection(name: str) -> ApiError:
    return ApiError(404, f"Not found: Collection `{name}` doesn't exist!")


def from_engine(error: Exception, collection: str) -> ApiError:
    """The refusal for an engine failure; the engine's text is the real server's, without its class.

    The engine raises plain `Exception`s, so the text is all there is to tell them apart.
    """
    text = str(error)
    if "Shard is not initialized" in text:  # dropped by another request in the meantime
        return missing_collection(collection)
    if text.startswith("No point with id"):
        return ApiError(404, f"Not found: {text}")
    if text.startswith(("No appropriate index", "No range index")):
        return ApiError(400, f"Bad request: {text}")
    if "Service runtime error" in text:
        return ApiError(500, f"Service internal error: {text}")
    return ApiError(400, f"Wrong input: {text}")
