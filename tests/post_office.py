"""A mail server and a gateway for text messages on loopback, as strict as real ones."""

import http.server
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
Server = TypeVar("Server", bound=socketserver.BaseServer)


class _Connection(socketserver.StreamRequestHandler):
    """One SMTP dialogue (RFC 5321), no more of it than a client that only sends needs."""

    server: "PostOffice"

    connection: Any

    def handle(self) -> None:
        """Answer line by line until the client goes."""
        self.server.connections += 1
        if self.server.closed:
            self._say("421 closed today")
            return
        self._say("220 post office")
        while line := self.rfile.readline().decode().strip():
            if self._answer(*line.partition(" ")[::2]):
                return

    def _answer(self, verb: str, rest: str) -> bool:
        verb = verb.upper()
        if verb == "EHLO":
            self._say("250-post office\r\n250-STARTTLS\r\n250 AUTH PLAIN")
        elif verb == "STARTTLS":
            self._secure()
        elif verb == "AUTH":
            self._say("235 welcome" if self.server.admits else "535 no")
        elif verb == "RCPT":
            self.recipient = rest.partition("<")[2].rstrip(">")
            self._say(self.server.refusals.get(self.recipient, "250 ok"))
        elif verb == "DATA":
            self._data()
        elif verb == "QUIT":
            self._say("221 bye")
            return True
        else:
            self._say("250 ok")
        return False

    def _data(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.mails.append((self.recipient, b"".join(lines)))
        self._say("250 kept")

    def _secure(self) -> None:
        self._say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(
            self.connection, server_side=True, do_handshake_on_connect=False
        )
        try:
            self.connection.do_handshake()
        except OSError:
            self.connection.close()
            raise
        self.rfile, self.wfile = (self.connection.makefile(m, -1) for m in ("rb", "wb"))
        self.server.secured += 1

    def finish(self) -> None:
        """Hang up, also on a line that was made secure."""
        self.wfile.close()
        self.rfile.close()
        self.connection.close()

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()


class PostOffice(socketserver.ThreadingTCPServer):
    """Keeps what it takes in; refuses whom it is told to."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Connection)
        self.mails: list[tuple[str, bytes]] = []
        self.refusals: dict[str, str] = {}
        self.admits, self.closed = True, False
        self.connections = self.secured = 0
        self.certificate = ""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are a part of the tests."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Post(http.server.BaseHTTPRequestHandler):
    server: "Gateway"

    def do_POST(self) -> None:
        """Keep a request; answer as told."""
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        self.server.requests.append((self.path, dict(self.headers), body))
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Location", f"http://{HOST}:{self.server.port}/elsewhere")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Gateway(http.server.ThreadingHTTPServer):
    """Takes text messages as JSON."""

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Post)
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.answer = (200, '{"code":0}')

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Let a server answer while the block runs."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def self_made_certificate(folder: Path) -> Path:
    """Write a key and a certificate for loopback into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post office")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "post.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return path
