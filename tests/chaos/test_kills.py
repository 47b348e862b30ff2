"""A server that is killed under load keeps every mark that it acknowledged."""

from pathlib import Path

from tests.chaos import kills
from tests.services.test_races import own_database


def test_a_killed_server_keeps_every_acknowledged_mark(tmp_path: Path) -> None:
    outcome = kills.run(tmp_path, own_database(tmp_path), 2, lambda _line: None)
    assert outcome.acknowledged > kills.JUDGES
    assert (outcome.lost, outcome.doubled, outcome.errors) == ([], 0, [])
