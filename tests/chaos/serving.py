"""A production server on a database of its own, and judges who are already signed in to it."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from models.database import db
from rules.schemes import Aspect, Panel, Part, Scheme, Section
from tests.builders import Builder
from tests.conftest import KEYS
from tests.judging_rooms import open_room

WORKERS, THREADS = 2, 4
PANEL = 10
TOKEN = re.compile(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')
READY_AFTER = 60


@dataclass
class Judge:
    """A signed-in judge: the cookie of the session, the token of the forms, the own sheets."""

    account_id: int
    unique: str
    cookie: str
    sheets: list[int]
    token: str = ""
    tag: str = ""  # of the last page, so that an unchanged one is not sent again
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)


def scheme_of(aspects: int) -> Scheme:
    """A part judged by a panel of ten, with so many aspects of 100 points."""
    keys = tuple(
        Aspect(key=f"A{number}", title=f"要素{number}", maximum=Decimal(100))
        for number in range(1, aspects + 1)
    )
    section = Section(key="A", title="加工", aspects=keys)
    panel = Panel(judges=PANEL, minimum=PANEL)
    part = Part(key="work", title="操作", weight=Decimal(100), sections=(section,), panel=panel)
    return Scheme(title="", parts=(part,))


def make_app(folder: Path, url: str) -> Flask:
    """An application on an empty database that the migrations brought up."""
    app = create_app(
        skillstar_mode="local", instance_dir=folder, database_url=url, clock_runs=False, **KEYS
    )
    with app.app_context():
        upgrade()
    return app


def make_judges(app: Flask, count: int, aspects: int, entries: int = 1) -> list[Judge]:
    """Judges with open sheets, ten on each panel."""
    with app.app_context():
        build = Builder()
        found: list[tuple[int, str, list[int]]] = []
        for _ in range(count // PANEL):
            room = open_room(build, entries, scheme_of(aspects))
            found += [
                (judge.id, judge.fs_uniquifier, [sheet.id for sheet in room.sheets(judge)])
                for judge in room.judges
            ]
        db.session.remove()
    return [Judge(key, unique, cookie_of(app, unique), sheets) for key, unique, sheets in found]


def cookie_of(app: Flask, unique: str) -> str:
    """The session cookie that signing in would have given."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert signer is not None
    value = signer.dumps({"_user_id": unique, "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"


@dataclass
class Server:
    """A running server; ``kill`` takes the whole of it away at once."""

    port: int
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """Kill master and workers, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def serve(folder: Path, url: str, wsgi: str = "app:create_app()") -> Iterator[Server]:
    """Run the server as `make run` does, while the block runs."""
    server = start(folder, url, wsgi)
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.kill()


def start(folder: Path, url: str, wsgi: str = "app:create_app()", port: int = 0) -> Server:
    """Start a server and wait until it answers."""
    port = port or _free_port()
    environment = os.environ | {
        "SKILLSTAR_MODE": "local",
        "INSTANCE_DIR": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": KEYS["secret_key"],
        "DATA_KEY": KEYS["data_key"],
        "CLOCK_RUNS": "false",
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
        *("--no-control-socket", "--log-level", "critical", "--keep-alive", "30", wsgi),
    ]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
    server = Server(port, process)
    _wait_for(server)
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + READY_AFTER
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(
                http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            ) as connection,
        ):
            connection.request("GET", "/static/icons.svg")
            reply = connection.getresponse()
            reply.read()
            if reply.status < 500:
                return
        if server.process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("the server did not start; see server.log")


def request(
    server: Server,
    judge: Judge,
    method: str,
    path: str,
    fields: dict[str, str] | None = None,
    data: object = None,
) -> tuple[int, bytes]:
    """Send fields or JSON data over the judge's kept connection; raise OSError if it breaks."""
    if judge.connection is not None and judge.connection.port != server.port:
        hang_up([judge])
    if judge.connection is None:
        judge.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Cookie": judge.cookie, "Accept": "application/json"}
    if judge.tag and method == "GET":
        headers["If-None-Match"] = judge.tag
    body = None
    if fields is not None or data is not None:
        headers["X-CSRFToken"] = judge.token
        kind = "application/json" if fields is None else "application/x-www-form-urlencoded"
        headers["Content-Type"] = kind
        body = json.dumps(data) if fields is None else urlencode(fields)
    try:
        judge.connection.request(method, path, body, headers)
        reply = judge.connection.getresponse()
        content = reply.read()
    except (OSError, http.client.HTTPException) as broken:
        hang_up([judge])
        raise ConnectionError(str(broken)) from broken
    for name, value in reply.getheaders():
        if name.lower() == "set-cookie" and value.startswith("skillstar="):
            judge.cookie = value.split(";", 1)[0]
    judge.tag = reply.getheader("ETag") or ""
    return reply.status, content


def hang_up(judges: Iterable[Judge]) -> None:
    """Close the kept connections of some judges."""
    for judge in judges:
        if judge.connection is not None:
            judge.connection.close()
            judge.connection = None


def open_sheet(server: Server, judge: Judge) -> None:
    """Open the first sheet, as a browser does; from it comes the token of the forms."""
    status, page = request(server, judge, "GET", f"/sheets/{judge.sheets[0]}")
    found = TOKEN.search(page.decode())
    if status != 200 or found is None:
        raise RuntimeError(f"sheet {judge.sheets[0]}: {status}")
    judge.token = found[1]
