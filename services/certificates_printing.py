"""Many certificates at once: a few processes set and sign them, none waits for another's.

Each process holds one opened key and the layouts that it has met. A key in a token is used by one
process only. What is finished comes back in the order in which it was asked for.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from functools import lru_cache
from itertools import islice
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import NamedTuple

from rules.certificate_layouts import CertificateLayout
from services.certificates_archiving import signing_of
from services.certificates_identity import Source
from services.certificates_preparing import is_prepared, prepared
from services.certificates_rendering import Paper, renderer
from services.certificates_seals import Seal
from services.certificates_signing import Signing

PROCESSES = 2
_BATCH, _AHEAD = 10, 2  # certificates a parcel, parcels a process that wait


class Order(NamedTuple):
    """A certificate that is to be printed, in the layout in which it was issued."""

    certificate_id: int
    layout: CertificateLayout
    paper: Paper
    seal: Seal | None = None


class Printed(NamedTuple):
    """A finished file, and the certificate that it was signed with ("" when it was not)."""

    certificate_id: int
    pdf: bytes
    fingerprint: str


class Press(NamedTuple):
    """With what is printed: the folder of made layouts, the key, the instant of signing."""

    folder: Path
    source: Source | None
    now: datetime


def print_one(order: Order, folder: Path, signing: Signing | None) -> Printed:
    """Print and sign one certificate in this process."""
    pdf = renderer(order.layout, folder, order.seal).pdf(order.paper, signing)
    fingerprint = signing.identity.chain.fingerprint if signing else ""
    return Printed(order.certificate_id, pdf, fingerprint)


def print_many(
    orders: Iterable[Order],
    press: Press,
    processes: int = PROCESSES,
    progress: Callable[[int], None] = lambda _count: None,
) -> Iterator[Printed]:
    """Print and sign many; yield each when it is done, in order, holding few in memory.

    Whoever calls has asked ``signatures.signing`` before whether the key may sign.
    """
    workers = 1 if press.source is not None and press.source.in_token else processes
    context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
    done = 0
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(press,)) as pool:
        waiting: deque[Future[list[Printed]]] = deque()
        try:
            for parcel in _parcels(_prepared(orders, press.folder, context)):
                waiting.append(pool.submit(_print, parcel))
                if len(waiting) > _AHEAD * workers:
                    for one in waiting.popleft().result():
                        done += 1
                        yield one
                    progress(done)
            while waiting:
                for one in waiting.popleft().result():
                    done += 1
                    yield one
                progress(done)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _prepared(orders: Iterable[Order], folder: Path, context: SpawnContext) -> Iterator[Order]:
    """Have each layout made by a process that ends then: drawing it takes much memory."""
    seen: set[CertificateLayout] = set()
    for order in orders:
        if order.layout not in seen:
            seen.add(order.layout)
            if not is_prepared(order.layout, folder):
                apart = context.Process(target=prepared, args=(order.layout, folder))
                apart.start()
                apart.join()  # were it to fail, who prints would try again and say why
        yield order


def _parcels(orders: Iterable[Order]) -> Iterator[tuple[Order, ...]]:
    left = iter(orders)
    while parcel := tuple(islice(left, _BATCH)):
        yield parcel


_press: Press | None = None


def _begin(press: Press) -> None:
    global _press
    _press = press


def _print(orders: Sequence[Order]) -> list[Printed]:
    assert _press is not None
    signing = _signing(_press)
    made = []
    for order in orders:
        renderer(order.layout, _press.folder, order.seal).prepare_for_many()
        made.append(print_one(order, _press.folder, signing))
    return made


@lru_cache(maxsize=1)
def _signing(press: Press) -> Signing | None:
    """Open the key once a process."""
    if press.source is None:
        return None
    return signing_of(press.source, press.now)
