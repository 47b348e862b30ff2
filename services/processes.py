"""A process of its own for what others sent: it has limits, and neither our environment nor keys.

What is hostile or broken harms that process only. The limits of memory and computing are set by
the worker's module itself.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PASSED_ON = ("PATH", "HOME")  # the home folder: where fonts are known by their cache


class Failed(Exception):
    """The process took too long, or ended without an answer."""


def ask(module: str, *words: str, data: bytes, longest: float) -> bytes:
    """Return what a worker's module answers to data; raise Failed after so many seconds."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            input=data,
            capture_output=True,
            cwd=_ROOT,
            env=environment | {"LANG": "C.UTF-8"},
            timeout=longest,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Failed(module) from error
    return done.stdout


def limit(memory: int, seconds: int) -> None:
    """Limit the process that calls this: bytes of memory, seconds of computing."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
