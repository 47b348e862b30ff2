"""Computing a large event in one go: the collector of cyclic garbage only gets in the way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Leave the collector out meanwhile.

    Results hold no cycles; it would walk them again and again while they grow, so that ten times
    the marks took more than ten times the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
