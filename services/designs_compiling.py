"""A design is made ready when it is approved, so that no later request waits for WeasyPrint."""

from pathlib import Path

from rules.certificate_layouts import CertificateLayout
from rules.refusals import Refused
from rules.texts import N_
from services import processes

LONGEST = 60  # seconds
_FAILED = N_("This design could not be made ready. Simplify it, or ask the operator to look.")


def compile_layout(layout: CertificateLayout, folder: Path, longest: float = LONGEST) -> None:
    """Let a process of its own lay the design out."""
    data, where = layout.model_dump_json().encode(), str(folder.resolve())
    try:
        processes.ask("services.designs_worker", where, data=data, longest=longest)
    except processes.Failed as error:
        raise Refused(_FAILED) from error
