"""Compare the two calculators on many random contests: python -m tests.reference.verify [COUNT]."""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from random import Random

from tests.reference.comparison import difference
from tests.reference.contests import random_contest

COUNT = 100_000
BATCH = 500


def compare(first: int) -> tuple[int, int, list[str]]:
    """Compare one batch of seeds; return how many were computed, refused, and what differs."""
    computed = refused = 0
    differences = []
    for seed in range(first, first + BATCH):
        made = random_contest(Random(seed))
        if made is None:
            continue
        found = difference(*made)
        if found == "":
            refused += 1
            continue
        computed += 1
        if found:
            differences.append(f"seed {seed}: {found}")
    return computed, refused, differences


def batches(pool: ProcessPoolExecutor, workers: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield batch after batch, as long as somebody asks."""
    first = 0
    while True:
        yield from pool.map(compare, range(first, first + workers * BATCH, BATCH))
        first += workers * BATCH


def main(count: int) -> int:
    """Go on until so many contests were computed by both; return the exit status."""
    computed = refused = 0
    differences: list[str] = []
    start = time.monotonic()
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        for done, blocked, found in batches(pool, workers):
            computed, refused, differences = computed + done, refused + blocked, differences + found
            seconds = time.monotonic() - start
            if sys.stdout.isatty():
                print(f"\r{computed} of {count}, {len(differences)} differ", end="", flush=True)
            if computed >= count:
                break
    print(f"\n{computed} random contests computed by both calculators, {refused} refused by both,")
    print(f"{len(differences)} differences, {seconds:.0f} s")
    print("\n".join(differences[:20]))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
