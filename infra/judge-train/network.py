"""The judge's model for training, in JAX: `infra/local/cross_encoder.py` with padding and dropout.

Linear layers keep their frozen base weights and learn a product of two thin matrices beside them
(LoRA, arXiv 2106.09685); biases, layer norms, token types and the head are trained as they are. The
arrays of the adapter are named as in its file.
"""

import jax
import numpy
from jax import Array
from jax import numpy as jnp

from cross_encoder import HEADS, LAYERS, LINEARS, WIDTH, Arrays

HEAD_HIDDEN = 64
HEAD_FEATURES = 5 * WIDTH
FROZEN = ("embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight")

Adapter = dict[str, Array]


def new_adapter(base: Arrays, rank: int, seed: int) -> Adapter:
    """An adapter that changes nothing yet, under a random head."""
    chance = numpy.random.default_rng(seed)

    def gaussian(*shape: int) -> numpy.ndarray:
        return chance.standard_normal(shape) / shape[-1] ** 0.5

    adapter = {}
    for name, array in base.items():
        if is_linear(name):
            outputs, inputs = array.shape
            adapter[f"{name}.down"] = gaussian(rank, inputs)
            adapter[f"{name}.up"] = numpy.zeros((rank, outputs))
        elif name.startswith(("encoder.", "embeddings.")) and name not in FROZEN:
            adapter[name] = numpy.zeros(array.shape)
    adapter["head.hidden.weight"] = gaussian(HEAD_HIDDEN, HEAD_FEATURES)
    adapter["head.hidden.bias"] = numpy.zeros(HEAD_HIDDEN)
    adapter["head.output.weight"] = gaussian(1, HEAD_HIDDEN)
    adapter["head.output.bias"] = numpy.zeros(1)
    return {name: jnp.asarray(array, jnp.float32) for name, array in adapter.items()}


def frozen(base: Arrays) -> dict[str, Array]:
    """The base weights for training: those of linear layers in half precision."""
    return {
        name: jnp.asarray(array, jnp.bfloat16 if is_linear(name) else jnp.float32)
        for name, array in base.items()
    }


def is_linear(name: str) -> bool:
    return name.endswith(".weight") and name.removesuffix(".weight") in LINEARS


def dropped(x: Array, rate: float, key: Array | None) -> Array:
    """Dropout; none without a key."""
    if key is None or rate == 0:
        return x
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def halved(x: Array, y: Array, axes: tuple[int, int]) -> Array:
    """A matrix product of half-precision inputs in single precision: on a CPU with matrix
    instructions (AMX) ten times as fast as in single precision alone."""
    return jax.lax.dot_general(
        x.astype(jnp.bfloat16),
        y.astype(jnp.bfloat16),
        (((axes[0],), (axes[1],)), ((), ())),
        preferred_element_type=jnp.float32,
    )


@jax.custom_vjp
def through(x: Array, weight: Array) -> Array:
    """`x @ weight.T` for a frozen weight, which gets no gradient."""
    return halved(x, weight, (1, 1))


through.defvjp(
    lambda x, weight: (through(x, weight), weight),
    lambda weight, gradient: (halved(gradient, weight, (1, 0)), jnp.zeros_like(weight)),
)


def logits(
    base: dict[str, Array],
    adapter: Adapter,
    ids: Array,
    types: Array,
    mask: Array,
    dropout: float = 0.0,
    key: Array | None = None,
) -> Array:
    """One number a sequence, of `[sequences, tokens]` arrays; `mask` is 0 on padding."""
    sequences, tokens = ids.shape
    keys = iter(jax.random.split(key, 2 * LAYERS + 2)) if key is not None else None

    def drop(x: Array) -> Array:
        return x if keys is None else dropped(x, dropout, next(keys))

    def linear(x: Array, name: str) -> Array:
        weight, bias = f"{name}.weight", f"{name}.bias"
        learned = (x @ adapter[f"{weight}.down"].T) @ adapter[f"{weight}.up"]
        return through(x, base[weight]) + learned + (base[bias] + adapter[bias])

    def norm(x: Array, name: str) -> Array:
        weight, bias = f"{name}.weight", f"{name}.bias"
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred * jax.lax.rsqrt(jnp.square(centred).mean(axis=-1, keepdims=True) + 1e-12)
        return scaled * (base[weight] + adapter[weight]) + (base[bias] + adapter[bias])

    def by_head(x: Array) -> Array:
        return x.reshape(sequences, tokens, HEADS, -1).transpose(0, 2, 1, 3)

    token_types = "embeddings.token_type_embeddings.weight"
    embedded = (
        base[FROZEN[0]][ids]
        + base[FROZEN[1]][:tokens]
        # Not an index, whose gradient is slow on a CPU.
        + jax.nn.one_hot(types, 2) @ (base[token_types] + adapter[token_types])
    )
    x = drop(norm(embedded, "embeddings.LayerNorm")).reshape(-1, WIDTH)
    hidden_padding = jnp.where(mask == 0, -1e9, 0.0)[:, None, None, :]
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        query, key_, value = (
            by_head(linear(x, f"{at}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key_.swapaxes(-1, -2) * (WIDTH // HEADS) ** -0.5
        shares = jax.nn.softmax(scores + hidden_padding, axis=-1)
        seen = (shares @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        seen = drop(linear(seen, f"{at}.attention.output.dense"))
        x = norm(x + seen, f"{at}.attention.output.LayerNorm")
        inner = jax.nn.gelu(linear(x, f"{at}.intermediate.dense"), approximate=True)
        x = norm(x + drop(linear(inner, f"{at}.output.dense")), f"{at}.output.LayerNorm")
    states = x.reshape(sequences, tokens, WIDTH)
    first, second = mask * (1 - types), mask * types
    u, v = (
        jnp.einsum("sd,sdw->sw", of, states) / of.sum(axis=1, keepdims=True)
        for of in (first.astype(jnp.float32), second.astype(jnp.float32))
    )
    features = drop(jnp.concatenate([states[:, 0], u, v, abs(u - v), u * v], axis=1))
    hidden = jnp.tanh(features @ adapter["head.hidden.weight"].T + adapter["head.hidden.bias"])
    return (hidden @ adapter["head.output.weight"].T + adapter["head.output.bias"])[:, 0]
