"""A process that is killed while it issues certificates leaves nothing half, lost or doubled."""

from pathlib import Path

from tests.chaos import issuing_kills
from tests.services.test_races import own_database


def test_a_killed_process_leaves_whole_certificates_and_the_run_goes_on(tmp_path: Path) -> None:
    outcome = issuing_kills.run(tmp_path, own_database(tmp_path), 3, 60, lambda _line: None)
    assert outcome.faults == []
    assert outcome.issuing + outcome.printing == 3
