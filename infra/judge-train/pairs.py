"""The labelled pairs of questions: reading, splitting, and making training examples of them."""

import json
import random
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

NEAR_VERBATIM = "near-verbatim"
FREE = "free"
INJECTION = "injection"
# The share of the single pairs in other languages than English that an epoch takes.
OTHER_LANGUAGES = 0.35


@dataclass(frozen=True)
class Pair:
    """Two texts, and whether one complete answer is completely right for both."""

    a: str
    b: str
    same: bool
    category: str
    language: str
    # What the local embedding model says; the gateway judges pairs from 0.7 on.
    cosine: float = 1.0
    # Pairs of one group have one text `a`; "" is a pair by itself.
    group: str = ""


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSON-lines file."""
    wanted = Pair.__dataclass_fields__
    with path.open(encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    return [Pair(**{name: value for name, value in row.items() if name in wanted}) for row in rows]


def families(pairs: list[Pair]) -> list[str]:
    """A key for each pair: pairs that share a text or a group have the same one."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for pair in pairs:
        parent[root(pair.b)] = root(pair.a)
        if pair.group:
            parent[root(f"group {pair.group}")] = root(pair.a)
    return [root(pair.a) for pair in pairs]


def hold_out(pairs: list[Pair], share: float, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Pairs to train on, and `share` of the families to hold out, evenly over languages and kinds."""
    keys = families(pairs)
    kinds = {
        key: (pair.language, bool(pair.group), pair.category == INJECTION)
        for key, pair in zip(keys, pairs, strict=True)
    }
    by_kind = defaultdict(list)
    for key, kind in kinds.items():
        by_kind[kind].append(key)
    chooser = random.Random(seed)
    held: set[str] = set()
    for kind in sorted(by_kind):
        of_kind = sorted(by_kind[kind])
        held.update(chooser.sample(of_kind, round(share * len(of_kind))))
    kept_and_held: tuple[list[Pair], list[Pair]] = ([], [])
    for key, pair in zip(keys, pairs, strict=True):
        kept_and_held[key in held].append(pair)
    return kept_and_held


def epoch_pairs(pairs: list[Pair], chance: random.Random) -> list[Pair]:
    """What one epoch trains on: all English pairs, a part of the others, and what groups imply.

    In a group, a near-verbatim repeat may stand for the question itself; the free paraphrase misses
    what the question misses.
    """
    made = [pair for pair in pairs if not pair.group and is_drawn(pair, chance)]
    groups = defaultdict(list)
    for pair in pairs:
        if pair.group:
            groups[pair.group].append(pair)
    for group in groups.values():
        repeats = [group[0].a, *(pair.b for pair in group if pair.category == NEAR_VERBATIM)]
        for pair in group:
            if pair.category == NEAR_VERBATIM:
                made += [pair, pair]  # varied each in its own way; traffic is full of them
                continue
            made.append(replace(pair, a=chance.choice(repeats)))
            if not pair.same:
                made += [replace(pair, a=free.b) for free in group if free.category == FREE]
    return made


def is_drawn(pair: Pair, chance: random.Random) -> bool:
    """Whether an epoch has a pair; other languages cost more tokens and teach the model less."""
    return pair.language == "en" or chance.random() < OTHER_LANGUAGES
