"""A network that fails: it stands between browser and server and breaks what passes, by a seed.

One request per connection. A fault drops the request before the server has it, drops the answer
after the server has acted, cuts a body short, sends a request twice, or waits.
"""

import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

DROP_REQUEST, DROP_ANSWER = "drop request", "drop answer"
CUT_REQUEST, CUT_ANSWER = "cut request", "cut answer"
TWICE, DELAY = "twice", "delay"
FAULTS = (DROP_REQUEST, DROP_ANSWER, CUT_REQUEST, CUT_ANSWER, TWICE, DELAY)
LONGEST_DELAY = 0.15
_PATIENCE = 20


@dataclass
class FaultProxy:
    """The proxy's settings and what it has done; ``share`` of the requests with ``mark`` fail."""

    target: tuple[str, int]
    seed: int = 1
    share: float = 0.0
    mark: bytes = b"POST /sheets/sync"
    down: bool = False
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()

    def fault_for(self, head: bytes) -> str:
        """Choose what becomes of a request."""
        with self._lock:
            fault = ""
            if head.startswith(self.mark) and self._random.random() < self.share:
                fault = self._random.choice(FAULTS)
            self.done[fault] += 1
            return fault

    def pause(self) -> float:
        """Choose how long to wait."""
        with self._lock:
            return self._random.uniform(0.0, LONGEST_DELAY)

    def carry(self, visitor: socket.socket) -> None:
        """Carry one request to the server and its answer back."""
        with visitor:
            visitor.settimeout(_PATIENCE)
            try:
                request = _read_request(visitor)
                if request and not self.down:
                    self._pass_on(visitor, *request)
            except OSError:
                self.done["broken"] += 1  # the browser went away; that is what we are here for

    def _pass_on(self, visitor: socket.socket, head: bytes, body: bytes) -> None:
        fault = self.fault_for(head)
        if fault == DROP_REQUEST:
            return
        if fault == DELAY:
            threading.Event().wait(self.pause())
        if fault == CUT_REQUEST:
            self._ask(head, body[: len(body) // 2], whole=False)
            return
        answer = self._ask(head, body)
        if fault == TWICE:
            answer = self._ask(head, body)
        if fault == DROP_ANSWER or self.down:
            return
        visitor.sendall(_cut(answer) if fault == CUT_ANSWER else answer)

    def _ask(self, head: bytes, body: bytes, whole: bool = True) -> bytes:
        with socket.create_connection(self.target, _PATIENCE) as server:
            server.sendall(_closing(head) + body)
            if not whole:
                return b""
            pieces = []
            while piece := server.recv(65536):
                pieces.append(piece)
            return b"".join(pieces)


def _cut(answer: bytes) -> bytes:
    """Keep the head and half of the body: half a head would be half a cookie."""
    head, end, body = answer.partition(b"\r\n\r\n")
    return head + end + body[: len(body) // 2]


def _read_request(visitor: socket.socket) -> tuple[bytes, bytes] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = visitor.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        piece = visitor.recv(65536)
        if not piece:
            return None
        body += piece
    return head + b"\r\n\r\n", body


def _closing(head: bytes) -> bytes:
    """Ask the server to close the connection after its answer."""
    lines = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n"


@contextmanager
def faulty(
    target: tuple[str, int], seed: int = 1, share: float = 0.0
) -> Iterator[tuple[str, FaultProxy]]:
    """Run a proxy in front of a server while the block runs; give its address and itself."""
    proxy = FaultProxy(target, seed, share)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        port = listener.getsockname()[1]
        ended = threading.Event()
        thread = threading.Thread(target=_listen, args=(listener, proxy, ended), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}", proxy
        finally:
            ended.set()
            with socket.create_connection(("127.0.0.1", port), 1):
                pass  # wakes the listener
            thread.join()


def _listen(listener: socket.socket, proxy: FaultProxy, ended: threading.Event) -> None:
    while True:
        visitor, _address = listener.accept()
        if ended.is_set():
            visitor.close()
            return
        threading.Thread(target=proxy.carry, args=(visitor,), daemon=True).start()
