"""What WeasyPrint does once for each version of a layout: draw the border, find the baselines."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rules.certificate_layouts import CertificateLayout, Typeface
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


def prepared(layout: CertificateLayout, folder: Path) -> Prepared:
    """Return a layout made ready; WeasyPrint is asked once for each version of it."""
    border, probe, css = border_page(layout), probe_page(layout), style(layout)
    seed = "\0".join((layout.digest(), version("weasyprint"), border, probe, css))
    name = hashlib.sha256(seed.encode()).hexdigest()
    path = folder / "certificates" / f"{name}.json"
    try:
        return _read(path.read_bytes())
    except FileNotFoundError:
        made = _prepare(name, border, probe, css)
    write_whole(path, _written(made))
    return made


def _prepare(name: str, border: str, probe: str, css: str) -> Prepared:
    drawn, states = documents.drawn_page(border, css)
    measured, _ = documents.drawn_page(probe, css)
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
