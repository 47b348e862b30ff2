"""A design is made ready when it is approved, so that no later request waits for WeasyPrint."""

import os
import subprocess
import sys
from pathlib import Path

from rules.certificate_layouts import CertificateLayout
from rules.refusals import Refused
from rules.texts import N_

LONGEST = 60  # seconds
_ROOT = Path(__file__).resolve().parent.parent
_FAILED = N_("This design could not be made ready. Simplify it, or ask the operator to look.")


def compile_layout(layout: CertificateLayout, folder: Path, longest: float = LONGEST) -> None:
    """Let a process of its own lay the design out, without our environment and its keys."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    try:
        subprocess.run(
            [sys.executable, "-m", "services.designs_worker", str(folder.resolve())],
            input=layout.model_dump_json().encode(),
            capture_output=True,
            cwd=_ROOT,
            env=environment | {"LANG": "C.UTF-8"},
            timeout=longest,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Refused(_FAILED) from error
