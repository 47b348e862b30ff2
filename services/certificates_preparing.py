"""What WeasyPrint does once for each kind of border: draw it, find the baselines of the fonts."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from rules.certificate_layouts import DraftLayout, Typeface
from services import documents
from services.certificates_pages import PROBE, border_page, probe_page, style
from services.files import write_whole

_BASELINE = re.compile(rb"^1 0 0 -1 [0-9.]+ ([0-9.]+) Tm$", re.MULTILINE)


@dataclass(frozen=True)
class Prepared:
    """A layout made ready: its packed border, graphics states, baselines, colour profile."""

    version: str
    border: bytes
    states: str
    struts: Mapping[Typeface, float]
    profile: bytes


def prepared(layout: DraftLayout, folder: Path) -> Prepared:
    """Return a layout made ready; WeasyPrint is asked once for each paper, border and colours."""
    path = _path(layout, folder)
    try:
        made = _read(path.read_bytes())
    except FileNotFoundError:
        made = _prepare(layout, path.stem)
        write_whole(path, _written(made))
    whole = hashlib.sha256(f"{layout.digest()}\0{made.version}".encode()).hexdigest()
    return replace(made, version=whole)


def is_prepared(layout: DraftLayout, folder: Path) -> bool:
    """Say whether nobody has to wait for WeasyPrint any more."""
    return _path(layout, folder).exists()


def _path(layout: DraftLayout, folder: Path) -> Path:
    pages = (version("weasyprint"), border_page(layout), probe_page(layout), style(layout))
    name = hashlib.sha256("\0".join(pages).encode()).hexdigest()
    return folder / "certificates" / f"{name}.json"


def _prepare(layout: DraftLayout, name: str) -> Prepared:
    css = style(layout)
    drawn, states = documents.drawn_page(border_page(layout), css)
    measured, _ = documents.drawn_page(probe_page(layout), css)
    found = [float(one) for one in _BASELINE.findall(measured)]
    struts = {typeface: (y - PROBE) / PROBE for typeface, y in zip(Typeface, found, strict=True)}
    whole = b"/Artifact BMC\nq\n" + drawn + b"\nQ\nEMC\n"
    profile = zlib.compress(documents.colour_profile(), 9)
    return Prepared(name, zlib.compress(whole, 9), states.decode(), struts, profile)


def _written(made: Prepared) -> bytes:
    return json.dumps(
        {
            "version": made.version,
            "border": base64.b64encode(made.border).decode(),
            "states": made.states,
            "struts": {str(typeface): strut for typeface, strut in made.struts.items()},
            "profile": base64.b64encode(made.profile).decode(),
        }
    ).encode()


def _read(data: bytes) -> Prepared:
    kept = json.loads(data)
    return Prepared(
        kept["version"],
        base64.b64decode(kept["border"]),
        kept["states"],
        {Typeface(name): strut for name, strut in kept["struts"].items()},
        base64.b64decode(kept["profile"]),
    )
