"""Print, sign and keep as many certificates as a year has; say how long it took and what memory.

A process of its own, so that nothing of the other benchmarks counts: python -m bench._printing
FOLDER COUNT. Memory is what all processes together hold, shared parts counted once.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from bench._people import common, papers
from models.encryption import keyring
from rules.certificate_designs import A4_LANDSCAPE
from services import files
from services.certificates_authority import made_once
from services.certificates_identity import Source
from services.certificates_printing import Order, Press, print_many

_BOTH = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def main(folder: Path, count: int) -> None:
    """Print as many and write what it took as JSON."""
    keyring.load({1: sha256(b"bench").digest()}, sha256(b"index").digest())
    now = datetime.now(UTC)
    source = Source(file=made_once(folder / "authority", now))
    seen: list[float] = []
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(seen, done))
    watch.start()
    start, size, before = time.monotonic(), 0, _processor()
    for one in print_many(_orders(count), Press(folder, source, now)):
        size += files.put(folder, one.pdf).size
    seconds = time.monotonic() - start
    done.set()
    watch.join()
    took = {"seconds": seconds, "processor": _processor() - before}
    print(json.dumps(took | {"megabytes": max(seen), "kilobytes": size / count / 1024}))


def _processor() -> float:
    """Return what this process and those that it started, and that have ended, have used."""
    used = [resource.getrusage(one) for one in _BOTH]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _orders(count: int) -> Iterator[Order]:
    for number, paper in enumerate(papers(count, common), start=1):
        yield Order(number, A4_LANDSCAPE, paper)


def _watch(seen: list[float], done: threading.Event) -> None:
    while not done.wait(0.2):
        seen.append(sum(_held(process) for process in _family()) / 1024)


def _family() -> list[int]:
    """List this process and all that it has started."""
    found = [os.getpid()]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            found += [int(one) for one in task.read_text().split()]
    return found


def _held(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
