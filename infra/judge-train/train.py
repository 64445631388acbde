"""Train the adapter of the local judge: `make judge-train`.

Needs the folder infra/local on the PYTHONPATH. Reads the labelled pairs, holds out a part of them
by group, trains a low-rank adapter of MiniLM on the rest, and sets the threshold on the held-out
part: the smallest one at which no more than a tolerated share of the near misses pass. The scores
are stretched so that this threshold is 0.9.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jax
import numpy
from jax import Array
from jax import numpy as jnp
from tokenizers import Encoding, Tokenizer

import held_out
from cross_encoder import (
    ADAPTER,
    ADAPTER_FORMAT,
    CrossEncoder,
    base_weights,
    pair_tokenizer,
    read_adapter,
)
from network import Adapter, frozen, logits, new_adapter
from pairs import NEAR_VERBATIM, Pair, epoch_pairs, hold_out, read_pairs
from variation import renumbered, retyped, swapped

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAIRS = REPOSITORY / "test/fixtures/semantic/pairs.tune.jsonl"
HELD_OUT = 0.15
# Its own seed: the same pairs stay unseen whatever else is tried.
HOLD_OUT_SEED = 7
BATCH = 16
# Sequences are padded to these lengths, each of which is compiled once.
LENGTHS = (32, 40, 56, 96, 256)
WARM_UP = 0.06
SMOOTHING = 0.05
LONGEST_GRADIENT = 1.0
# Times the learning rate. The second thin matrix starts at zero and lags behind the first one
# unless it learns faster (LoRA+, arXiv 2402.12354).
FASTER = {".up": 4.0, ".down": 1.0}
FASTER_ELSE = 2.0

Example = tuple[str, str, bool]

scored = jax.jit(logits)


def examples(pairs: list[Pair], chance: random.Random) -> list[Example]:
    """One epoch: every pair in an order by chance, many of them varied."""
    made: list[Example] = []
    for pair in epoch_pairs(pairs, chance):
        (a, b), same = chance.sample((pair.a, pair.b), 2), pair.same
        if chance.random() < 0.4:
            if chance.random() < 0.5:
                a = retyped(a, pair.language, chance)
            else:
                b = retyped(b, pair.language, chance)
        if same and chance.random() < 0.15 and (other := renumbered(b, chance)):
            b, same = other, False
        made.append((a, b, same))
        if chance.random() < 0.2:
            text = chance.choice((pair.a, pair.b))
            again = retyped(text, pair.language, chance)
            other = renumbered(again, chance) if chance.random() < 0.3 else None
            made.append((text, other or again, other is None))
        # The model hardly sees the order of words, unless it is told where that matters.
        if pair.language == "en" and chance.random() < 0.3 and (other := swapped(b, chance)):
            made.append((chance.choice((b, retyped(b, "en", chance))), other, False))
    return made


def padded(encodings: list[Encoding], length: int) -> tuple[numpy.ndarray, ...]:
    """Token ids, types and mask of sequences, `[sequences, length]` each."""
    arrays = numpy.zeros((3, len(encodings), length), numpy.int32)
    for row, encoding in enumerate(encodings):
        tokens = len(encoding.ids)
        arrays[:, row, :tokens] = encoding.ids, encoding.type_ids, [1] * tokens
    return tuple(arrays)


def batches(
    encodings: list[Encoding], chance: random.Random
) -> Iterator[tuple[int, list[int]]]:
    """Full batches of sequences that are about as long, with the length to pad to, shuffled."""
    by_length: dict[int, list[int]] = {length: [] for length in LENGTHS}
    for index, encoding in enumerate(encodings):
        length = next((length for length in LENGTHS if length >= len(encoding.ids)), None)
        if length:
            by_length[length].append(index)
    full = []
    for length, indices in by_length.items():
        chance.shuffle(indices)
        full += [(length, indices[i : i + BATCH]) for i in range(0, len(indices) - BATCH + 1, BATCH)]
    chance.shuffle(full)
    yield from full


def loss(
    adapter: Adapter, base: Adapter, tokens: tuple[Array, ...], same: Array, dropout: float, key: Array
) -> Array:
    """The mean cross-entropy, with labels that are a little less than certain."""
    scores = logits(base, adapter, *tokens, dropout, key)
    wanted = same * (1 - 1.5 * SMOOTHING) + SMOOTHING / 2
    return jnp.mean(jax.nn.softplus(scores) - wanted * scores)


def pace(name: str) -> float:
    """How much faster than the learning rate an array learns."""
    return next((times for end, times in FASTER.items() if name.endswith(end)), FASTER_ELSE)


@partial(jax.jit, static_argnames=("dropout",), donate_argnums=(0, 1))
def step(
    adapter: Adapter,
    moments: tuple[Adapter, Adapter],
    base: Adapter,
    tokens: tuple[Array, ...],
    same: Array,
    count: Array,
    rate: Array,
    key: Array,
    dropout: float,
) -> tuple[Adapter, tuple[Adapter, Adapter], Array]:
    """One step of Adam, its gradient cut to LONGEST_GRADIENT."""
    value, gradient = jax.value_and_grad(loss)(adapter, base, tokens, same, dropout, key)
    length = jnp.sqrt(sum(jnp.sum(jnp.square(part)) for part in gradient.values()))
    cut = jnp.minimum(1.0, LONGEST_GRADIENT / length)
    first, second = moments
    first = {name: 0.9 * first[name] + 0.1 * cut * part for name, part in gradient.items()}
    second = {
        name: 0.98 * second[name] + 0.02 * jnp.square(cut * part) for name, part in gradient.items()
    }
    scale = rate * jnp.sqrt(1 - 0.98**count) / (1 - 0.9**count)
    adapter = {
        name: array - scale * pace(name) * first[name] / (jnp.sqrt(second[name]) + 1e-8)
        for name, array in adapter.items()
    }
    return adapter, (first, second), value


def ranking(
    adapter: Adapter, base: Adapter, tokenizer: Tokenizer, pairs: list[Pair]
) -> float:
    """The share of paraphrase and near miss couples that the adapter puts in order (AUC)."""
    encodings = tokenizer.encode_batch([(pair.a, pair.b) for pair in pairs])
    scores: tuple[list[float], list[float]] = ([], [])
    for length, chosen in batches(encodings, random.Random(0)):
        found = scored(base, adapter, *padded([encodings[i] for i in chosen], length))
        for index, score in zip(chosen, found.tolist(), strict=True):
            scores[pairs[index].same].append(score)
    misses, same = map(numpy.array, scores)
    return float((same[:, None] > misses[None]).mean())


def train(train_pairs: list[Pair], held: list[Pair], options: argparse.Namespace) -> Adapter:
    """The adapter after all epochs, with a line of progress now and then."""
    chance = random.Random(options.seed)
    # The default generator takes a fifth of the time on a CPU.
    key = jax.random.key(options.seed, impl="rbg")
    tokenizer = pair_tokenizer()
    numbers = base_weights()
    base = frozen(numbers)
    if options.start:
        adapter = {name: jnp.asarray(array) for name, array in read_adapter(options.start)[0].items()}
    else:
        adapter = new_adapter(numbers, options.rank, options.seed)
    moments = tuple({name: jnp.zeros_like(array) for name, array in adapter.items()} for _ in "12")
    started, count, total = time.monotonic(), 0, 0
    for epoch in range(options.epochs):
        made = examples(train_pairs, chance)
        encodings = tokenizer.encode_batch([(a, b) for a, b, _ in made])
        same = numpy.array([is_same for _, _, is_same in made], numpy.float32)
        all_batches = list(batches(encodings, chance))
        total = total or len(all_batches) * options.epochs
        seen = 0.0
        for index, (length, chosen) in enumerate(all_batches):
            count += 1
            done = min(1.0, count / total)
            rate = options.rate * min(1.0, done / WARM_UP) * (1 - done)
            adapter, moments, value = step(
                adapter,
                moments,
                base,
                padded([encodings[i] for i in chosen], length),
                same[chosen],
                jnp.float32(count),
                jnp.float32(rate),
                jax.random.fold_in(key, count),
                options.dropout,
            )
            seen += float(value)
            if index % 50 == 49:
                print(
                    f"epoch {epoch + 1}/{options.epochs}, batch {index + 1}/{len(all_batches)}: "
                    f"loss {seen / (index + 1):.3f}, {time.monotonic() - started:.0f} s",
                    flush=True,
                )
        free = [pair for pair in held if pair.group and pair.category != NEAR_VERBATIM]
        auc = ranking(adapter, base, tokenizer, [pair for pair in free if pair.cosine >= 0.7])
        print(f"epoch {epoch + 1}: AUC {auc:.3f} on held-out free paraphrases and near misses", flush=True)
    return adapter


def write(path: Path, adapter: Adapter, metadata: dict[str, object]) -> None:
    """The adapter's file: half precision, and the metadata as JSON text."""
    half = {name: numpy.asarray(array, numpy.float16) for name, array in adapter.items()}
    numpy.savez_compressed(path, metadata=numpy.array(json.dumps(metadata)), **half)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--output", type=Path, default=ADAPTER)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rank", type=int, default=24)
    parser.add_argument("--rate", type=float, default=5e-4, help="the highest learning rate")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--start", type=Path, help="an adapter to go on from")
    parser.add_argument(
        "--average", action="store_true", help="keep the mean of the result and --start"
    )
    parser.add_argument("--dropout", type=float, default=0.1)
    options = parser.parse_args()

    pairs = read_pairs(options.pairs)
    kept, held = hold_out(pairs, HELD_OUT, HOLD_OUT_SEED)
    print(f"{len(kept)} pairs to train on, {len(held)} held out", flush=True)
    started = time.monotonic()
    adapter = train(kept, held, options)
    if options.average:
        # Two runs from one start forget different things; their mean forgets less
        # ("model soups", arXiv 2203.05482).
        start, _ = read_adapter(options.start)
        adapter = {name: (array + start[name]) / 2 for name, array in adapter.items()}

    metadata = {"format": ADAPTER_FORMAT, "seed": options.seed, "scale": 1.0, "shift": 0.0}
    write(options.output, adapter, metadata)
    # From here on by the code and the numbers that will be served.
    scored = held_out.scores(CrossEncoder(options.output), held)
    scale, threshold = held_out.calibration(scored)
    metadata |= {"scale": scale, "shift": math.log(0.9 / 0.1) - scale * threshold}
    write(options.output, adapter, metadata)
    print(held_out.report(scored, threshold))
    size = options.output.stat().st_size / 1e6
    print(f"{options.output.name}: {size:.1f} MB after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
