"""What a trained judge does with the pairs it has not seen."""

from collections.abc import Callable
from typing import Any

import numpy

from cross_encoder import CrossEncoder
from pairs import FREE, INJECTION, NEAR_VERBATIM, Pair

# The gateway asks the judge about pairs from this cosine similarity on.
GATE = 0.7
TOLERATED = 0.022

Scored = list[tuple[Pair, float]]


def scores(judge: CrossEncoder, pairs: list[Pair]) -> Scored:
    """The lesser score of the two orders, for each pair that the gateway would ask about."""
    asked = [pair for pair in pairs if pair.cosine >= GATE or pair.category == INJECTION]
    there = judge.logits([(pair.a, pair.b) for pair in asked])
    back = judge.logits([(pair.b, pair.a) for pair in asked])
    lowest = float("-inf")
    return [
        (pair, lowest if one is None or other is None else min(one, other))
        for pair, one, other in zip(asked, there, back, strict=True)
    ]


def calibration(scored: Scored) -> tuple[float, float]:
    """The scale that makes a probability of a score, and the threshold as a score."""
    # Groups are written as traffic is; the older single pairs differ less in wording.
    scored = [(pair, score) for pair, score in scored if pair.group or pair.category == INJECTION]
    misses = sorted((score for pair, score in scored if not pair.same), reverse=True)
    passing = max(1, int(TOLERATED * len(misses)))
    threshold = (misses[passing - 1] + misses[passing]) / 2
    known = [(pair.same, score) for pair, score in scored if score > float("-inf")]
    same, score = (numpy.array(column, float) for column in zip(*known, strict=True))
    features = numpy.stack([score, numpy.ones_like(score)])
    weights = numpy.zeros(2)
    # Newton's method on the logistic loss; its intercept is replaced by the threshold's.
    for _ in range(20):
        found = 1 / (1 + numpy.exp(-weights @ features))
        curvature = (features * (found * (1 - found))) @ features.T
        weights += numpy.linalg.solve(curvature, features @ (same - found))
    return float(weights[0]), float(threshold)


def report(scored: Scored, threshold: float) -> str:
    """A table: which share of each kind of pair the judge calls the same."""
    near_misses = [(pair, score) for pair, score in scored if not pair.same]
    lines = [f"Of {len(scored)} held-out pairs, called the same:"]
    for kind in (NEAR_VERBATIM, FREE):
        of_kind = [(pair, score) for pair, score in scored if pair.category == kind]
        lines.append(row(kind, of_kind, threshold))
        lines += rows_by(lambda pair: pair.language, of_kind, threshold)
    lines.append(row("near misses and injections", near_misses, threshold))
    lines += rows_by(lambda pair: pair.language, near_misses, threshold)
    lines += rows_by(lambda pair: pair.category, near_misses, threshold)
    in_groups = [(pair, score) for pair, score in scored if pair.group]
    lines.append("Of those in groups:")
    for language, chosen in by(lambda pair: pair.language == "en", in_groups).items():
        for kind, of_kind in by(kind_of, chosen).items():
            lines.append(row(f"  {'en' if language else 'others'} {kind}", of_kind, threshold))
    return "\n".join(lines)


def kind_of(pair: Pair) -> str:
    return pair.category if pair.same else "near misses"


def by(name: Callable[[Pair], Any], scored: Scored) -> dict[Any, Scored]:
    """The pairs by a name for each, in the order of the names."""
    named: dict[Any, Scored] = {}
    for pair, score in scored:
        named.setdefault(name(pair), []).append((pair, score))
    return dict(sorted(named.items()))


def rows_by(name: Callable[[Pair], str], scored: Scored, threshold: float) -> list[str]:
    return [row(f"  {key}", pairs, threshold) for key, pairs in by(name, scored).items()]


def row(name: str, scored: Scored, threshold: float) -> str:
    passed = sum(score > threshold for _, score in scored)
    return f"{name:<28}{passed / max(1, len(scored)):7.1%}  of {len(scored)}"
