"""Make one layout ready in a process of its own, with limits: what goes wrong breaks only this.

Called with the folder of the prepared layouts; the layout comes on standard input as JSON. It
prints one certificate of a sample person in that layout, so that every font was opened once.
"""

import sys
from pathlib import Path

from rules.certificate_layouts import CertificateLayout
from rules.design_samples import CODE, Sample, facts_of
from services import processes
from services.certificates_rendering import Paper, Renderer

MEMORY, SECONDS = 2 * 1024 * 1024 * 1024, 40


def main() -> None:
    """Make one layout ready."""
    processes.limit(MEMORY, SECONDS)
    layout = CertificateLayout.model_validate_json(sys.stdin.buffer.read())
    paper = Paper(facts_of(Sample.SHORT), CODE, "https://example.org/verify")
    Renderer(layout, Path(sys.argv[1])).pdf(paper)


if __name__ == "__main__":
    main()
