"""Settle many random histories and compare: python -m tests.reference.verify_stipends [COUNT]."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.reference.stipend_histories import live_through

COUNT = 10_000
BATCH = 100


def compare(first: int) -> tuple[list[str], int, int]:
    """Live through a batch of histories; return what differs, the lines, the corrections."""
    found = [live_through(seed) for seed in range(first, first + BATCH)]
    differing = [text for text, _lines, _corrections in found if text]
    return differing, sum(one[1] for one in found), sum(one[2] for one in found)


def main(count: int) -> int:
    """Print how many histories agree; return 1 if one of them does not."""
    started = time.perf_counter()
    differing: list[str] = []
    lines = corrections = 0
    with ProcessPoolExecutor() as pool:
        for texts, made, corrected in pool.map(compare, range(0, count, BATCH)):
            differing += texts
            lines, corrections = lines + made, corrections + corrected
    took = time.perf_counter() - started
    print(
        f"{count} histories, {lines} lines, {corrections} corrections and claw-backs,"
        f" {len(differing)} differ ({took:.0f} s)"
    )
    for text in differing[:5]:
        print(text)
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
