"""`make bench-engine`: memory, disk and lookup time of the exact cache in Qdrant's engine.

Runs qdrant-edge, the engine of a Qdrant server as a library, without HTTP, queues and replicas.
Fills shards of 1,000 entries, of ENTRIES (1,000,000) and of a tenth of that. Each figure about
memory is that of a fresh process. Lookups in the shards alternate in one process. Needs Linux.
"""

import gc
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from importlib.metadata import version
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path

import qdrant_edge as engine
from qdrant_server.schemas import index_schema

from entries import Entries, point_id

MANY = int(os.environ.get("ENTRIES", 1_000_000))
FEW = 1_000
SIZES = (FEW, MANY // 10, MANY)
BATCH = 500
ROUNDS = 15
LOOKUPS = 10_000
GOAL = 1.1
KINDS = ("hit", "hit, Zipf 1.1", "miss")

# As src/store/qdrant.ts creates them; a unit test compares the two.
INDEXES = {
    "expires_at": {"type": "integer", "lookup": False, "range": True},
    "stored_at": {"type": "integer", "lookup": False, "range": True},
    "tenant": "keyword",
    "model": "keyword",
    "path": "keyword",
    "namespace": "keyword",
    "source": "keyword",
    "tags": "keyword",
    "answer_id": "keyword",
}


def main() -> None:
    data = Path(tempfile.mkdtemp(prefix="bench-engine-", dir=os.environ.get("BENCH_DIR")))
    try:
        shards = {size: data / str(size) for size in SIZES}
        print("| entries | written in, s | on disk, MB | of that payloads | log |")
        print("|---|---|---|---|---|")
        for size, path in shards.items():
            print(fill_row(size, in_new_process(fill, path, size), path), flush=True)
        empty = in_new_process(memory_of, None)
        memory = {size: in_new_process(memory_of, path) for size, path in shards.items()}
        print("\n| entries | RAM of its own, MB | pages of files after opening, MB |")
        print("|---|---|---|")
        for size, opened in memory.items():
            own, pages = (opened[name] - empty[name] for name in ("RssAnon", "RssFile"))
            print(f"| {size:,} | {own:.0f} | {pages:.0f} |", flush=True)
        grown = memory[MANY]["RssAnon"] - memory[FEW]["RssAnon"]
        print(f"\nRAM per million entries: {grown * 1_000_000 / (MANY - FEW):.0f} MB.\n")
        print(in_new_process(lookups, shards))
        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
        print(f"\nqdrant-edge {version('qdrant-edge-py')}, {machine}.")
    finally:
        shutil.rmtree(data)


def in_new_process(work, *given):
    """Runs one measurement in a process of its own, whose memory nothing else has used."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def fill(path: Path, size: int) -> float:
    """Fills a new shard. Returns the seconds that the engine took, flush included."""
    path.mkdir(parents=True)
    config = engine.EdgeConfig(
        # The engine refuses a shard without vectors; an unused sparse one has no points.
        sparse_vectors={"_": engine.EdgeSparseVectorParams()},
        on_disk_payload=True,
        optimizers=engine.EdgeOptimizersConfig(default_segment_number=1),
    )
    shard = engine.EdgeShard.create(str(path), config)
    for field, schema in INDEXES.items():
        shard.update(engine.UpdateOperation.create_field_index(field, index_schema(schema)))
    entries, seconds = Entries(), 0.0
    for start in range(0, size, BATCH):
        numbers = range(start, min(start + BATCH, size))
        points = [engine.Point(point_id(n), {}, entries.payload(n)) for n in numbers]
        began = time.perf_counter()
        shard.update(engine.UpdateOperation.upsert_points(points))
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    shard.flush()
    seconds += time.perf_counter() - began
    shard.close()
    return seconds


def memory_of(path: Path | None) -> dict[str, float]:
    """The memory of a process that has opened the shard; without a path, of one that has not."""
    shard = None if path is None else engine.EdgeShard.load(str(path))
    gc.collect()
    used = rss()
    del shard
    return used


def rss() -> dict[str, float]:
    """The process's memory in MB: of its own (anonymous), and pages of files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) / 1_024 for name in ("RssAnon", "RssFile")}


def megabytes(path: Path) -> float:
    """What files take on disk. Files are longer than that, because the engine grows them ahead."""
    files = [path, *path.rglob("*")]
    return sum(file.stat().st_blocks for file in files) * 512 / 2**20


def fill_row(size: int, seconds: float, path: Path) -> str:
    payloads = sum(megabytes(folder) for folder in path.rglob("payload_storage"))
    parts = f"{megabytes(path):.0f} | {payloads:.0f} | {megabytes(path / 'wal'):.0f}"
    return f"| {size:,} | {seconds:.1f} | {parts} |"


def lookups(paths: dict[int, Path]) -> str:
    """The median time of a lookup by id in each shard, in rounds that alternate."""
    shards = {size: engine.EdgeShard.load(str(path)) for size, path in paths.items()}
    before = rss()
    read_all(shards[MANY], MANY)
    after = rss()
    for size in SIZES[:-1]:
        read_all(shards[size], size)
    sizes = " | ".join(f"at {size:,}, µs" for size in SIZES)
    lines = [
        f"| lookup by id | {sizes} | {MANY:,} : {MANY // 10:,} | {MANY:,} : {FEW:,} |",
        "|---" * (len(SIZES) + 3) + "|",
        *(lookup_row(kind, measured(shards, kind)) for kind in KINDS),
        "",
        f"Reading every entry once: RAM of its own {after['RssAnon'] - before['RssAnon']:+.0f} MB,"
        f" pages of files {after['RssFile'] - before['RssFile']:+.0f} MB.",
    ]
    return "\n".join(lines)


def read_all(shard: engine.EdgeShard, size: int) -> None:
    """Reads every entry once, so that the page cache holds them and they are mapped."""
    for number in range(size):
        shard.retrieve([point_id(number)], True, False)


def measured(shards: dict[int, engine.EdgeShard], kind: str) -> list[dict[int, float]]:
    """The medians of each round, by size. The order of the sizes alternates."""
    numbers = {size: drawn(kind, size) for size in shards}
    rounds = []
    for number in range(ROUNDS + 1):
        order = SIZES if number % 2 == 0 else SIZES[::-1]
        medians = {}
        for size in order:
            ids = [point_id(next(numbers[size])) for _ in range(LOOKUPS)]
            medians[size] = median_micros(shards[size], ids, 0 if kind == "miss" else 1)
        rounds.append(medians)
    return rounds[1:]  # the first one warmed up


def drawn(kind: str, size: int) -> Iterator[int]:
    """Numbers of entries: each as often as the others, or by Zipf's law, or of no entry."""
    chosen = random.Random(1)
    if kind == "hit, Zipf 1.1":
        cumulative = list(accumulate((rank + 1) ** -1.1 for rank in range(size)))
        while True:
            yield from chosen.choices(range(size), cum_weights=cumulative, k=LOOKUPS)
    while True:
        yield chosen.randrange(size) + (size if kind == "miss" else 0)


def median_micros(shard: engine.EdgeShard, ids: list[uuid.UUID], expected: int) -> float:
    times = []
    for one in ids:
        began = time.perf_counter_ns()
        found = shard.retrieve([one], True, False)
        times.append(time.perf_counter_ns() - began)
        if len(found) != expected:
            sys.exit(f"{one}: {len(found)} entries instead of {expected}")
    return statistics.median(times) / 1_000


def lookup_row(kind: str, rounds: list[dict[int, float]]) -> str:
    cells = [f"{statistics.median(one[size] for one in rounds):.1f}" for size in SIZES]
    for size in reversed(SIZES[:-1]):
        ratios = [one[MANY] / one[size] for one in rounds]
        cells.append(f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")
    return f"| {kind} | {' | '.join(cells)}, goal {GOAL} |"


if __name__ == "__main__":
    main()
