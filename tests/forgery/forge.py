"""Alter signed certificates at random: python -m tests.forgery.forge [COUNT].

Only the strict check decides, never the table of kept files; not one may be accepted.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from services.certificates_checking import Finding, check
from tests.forgery.alterations import KINDS
from tests.forgery.samples import Samples, samples

COUNT = 100_000
BATCH = 170
_NAMES = list(KINDS)


def attempt(made: Samples, seed: int) -> tuple[str, bool | None]:
    """Forge one file; return its kind, and whether it was accepted (None: it is a genuine one)."""
    draw = Random(seed)
    name = _NAMES[seed % len(_NAMES)]
    file = KINDS[name](draw, draw.choice(made.ours), made)
    if made.is_known(file):
        return name, None
    return name, check(file, made.chains, made.stamps).finding is Finding.GENUINE


def batch(first: int) -> tuple[Counter[str], Counter[str], list[int]]:
    """Forge a batch; return how many of each kind were made, accepted, and the seeds of those."""
    made, accepted, seeds = Counter[str](), Counter[str](), []
    for seed in range(first, first + BATCH):
        name, passed = attempt(_samples(), seed)
        made[name] += passed is not None
        if passed:
            accepted[name] += 1
            seeds.append(seed)
    return made, accepted, seeds


_known: Samples | None = None


def _samples() -> Samples:
    global _known
    if _known is None:
        with tempfile.TemporaryDirectory() as place:
            _known = samples(Path(place))
    return _known


def main(count: int) -> int:
    """Forge so many files in two processes; return the exit status."""
    made, accepted = Counter[str](), Counter[str]()
    seeds: list[int] = []
    start = time.monotonic()
    firsts = range(0, count + BATCH - 1, BATCH)
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for one, passed, found in pool.map(batch, firsts):
            made, accepted, seeds = made + one, accepted + passed, seeds + found
            if sys.stdout.isatty() or made.total() % 10_000 < BATCH:
                print(f"\r{made.total()} of {count}, {accepted.total()} accepted", end="")
    print(f"\n{made.total()} forged certificates, {time.monotonic() - start:.0f} s")
    for name in _NAMES:
        print(f"{name:<32} {made[name]:>7} made {accepted[name]:>4} accepted")
    if seeds:
        print(f"accepted, by seed: {seeds[:20]}")
    return 1 if seeds else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
