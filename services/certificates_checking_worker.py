"""Check one PDF in a process of its own, with limits: what is hostile harms only this.

The first line on standard input is JSON with the known certificates; the file follows. The answer
is one line of JSON.
"""

import base64
import json
import resource
import sys
from collections.abc import Iterable

from services import processes
from services.certificates_checking import Checked, Finding, check
from services.certificates_cms import Chain

MEMORY, SECONDS = 512 * 1024 * 1024, 5


def main() -> None:
    """Answer about one file."""
    processes.limit(MEMORY, SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    known = json.loads(sys.stdin.buffer.readline())
    chains = [Chain(_read(one)) for one in known["chains"]]
    try:
        found = check(sys.stdin.buffer.read(), chains, _read(known["stamps"]))
    except (MemoryError, RecursionError):
        found = Checked(Finding.UNREADABLE)
    answer = {
        "finding": found.finding,
        "fingerprint": found.fingerprint,
        "signed_at": found.signed_at.isoformat() if found.signed_at else "",
        "facts": base64.b64encode(found.facts).decode(),
        "is_stamped": found.is_stamped,
    }
    sys.stdout.write(json.dumps(answer))


def _read(chain: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(one) for one in chain)


if __name__ == "__main__":
    main()
