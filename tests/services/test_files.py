"""The byte store: encrypted, whole or not at all, never outside its folder."""

import os
from datetime import UTC, datetime, timedelta
from inspect import getsource
from pathlib import Path

import pytest
from flask import Flask

from rules.refusals import Missing
from services import files, jobs, scans
from tests import scanned
from tests.builders import NOW, Builder
from tests.paper_rooms import paper_room


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A store of its own, with the application's keys."""
    return tmp_path / "files"


def only_file(folder: Path) -> Path:
    """The one file on the disk."""
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


def test_bytes_come_back_as_they_were_put(folder: Path) -> None:
    data = bytes(range(256)) * 100
    stored = files.put(folder, data)
    assert files.read(folder, stored.key, stored.sha256) == data
    assert stored.size == len(data)
    assert files.put(folder, data).key != stored.key


def test_the_disk_holds_nothing_readable(folder: Path) -> None:
    files.put(folder, "陈测试的评分表".encode())
    assert "陈测试".encode() not in only_file(folder).read_bytes()


def test_a_changed_file_is_never_returned(folder: Path) -> None:
    stored = files.put(folder, b"84.5")
    path = only_file(folder)
    sealed = bytearray(path.read_bytes())
    for place in (0, 1, 5, -1):
        changed = sealed.copy()
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(files.DamagedFile):
            files.read(folder, stored.key)
    path.write_bytes(b"")
    with pytest.raises(files.DamagedFile):
        files.read(folder, stored.key)


def test_one_file_cannot_stand_in_for_another(folder: Path) -> None:
    first = files.put(folder, b"84.5")
    sealed = only_file(folder).read_bytes()
    second = files.put(folder, b"90.0")
    next(folder.rglob(second.key)).write_bytes(sealed)
    with pytest.raises(files.DamagedFile):
        files.read(folder, second.key)
    assert files.read(folder, first.key) == b"84.5"


def test_another_digest_is_told(folder: Path) -> None:
    stored = files.put(folder, b"84.5")
    with pytest.raises(files.DamagedFile):
        files.read(folder, stored.key, "0" * 64)


@pytest.mark.parametrize(
    "key", ["", "..", "../../secret_key", "/etc/passwd", "A" * 32, "0" * 31, "0" * 32 + "\n"]
)
def test_no_key_leads_out_of_the_folder(folder: Path, key: str) -> None:
    folder.parent.joinpath("secret_key").write_text("x")
    with pytest.raises(Missing):
        files.read(folder, key)
    with pytest.raises(Missing):
        files.delete(folder, key)


def test_a_forgotten_file_is_missing_and_may_be_forgotten_twice(folder: Path) -> None:
    stored = files.put(folder, b"84.5")
    files.delete(folder, stored.key)
    files.delete(folder, stored.key)
    with pytest.raises(Missing):
        files.read(folder, stored.key)


def test_a_failed_act_leaves_no_file_behind(folder: Path) -> None:
    with pytest.raises(RuntimeError), files.keeping(folder) as keep:
        keep(b"one")
        keep(b"two")
        raise RuntimeError
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    with files.keeping(folder) as keep:
        stored = keep(b"three")
    assert files.read(folder, stored.key) == b"three"


def test_a_write_that_breaks_leaves_the_old_file_whole(folder: Path) -> None:
    path = folder / "paper.pdf"
    files.write_whole(path, b"old")
    with pytest.raises(TypeError):
        files.write_whole(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [one.name for one in folder.iterdir()] == ["paper.pdf"]


def test_the_sweep_takes_old_files_that_no_row_knows(folder: Path) -> None:
    known, old, young = (files.put(folder, name) for name in (b"known", b"old", b"young"))
    long_ago = (NOW - timedelta(days=2)).timestamp()
    for one in (known, old):
        os.utime(next(folder.rglob(one.key)), (long_ago, long_ago))
    assert files.sweep(folder, {known.key}, NOW - timedelta(days=1)) == 1
    assert files.read(folder, known.key) == b"known"
    assert files.read(folder, young.key) == b"young"
    with pytest.raises(Missing):
        files.read(folder, old.key)


def test_the_clock_forgets_what_a_cut_off_request_left(build: Builder, folder: Path) -> None:
    paper = paper_room(build)
    by = paper.room.by(paper.clerks[0])
    uploads = [scanned.png(scanned.page("", mark=mark)) for mark in "12"]
    scan_id = scans.upload_scan(by, paper.room.event_id, folder, uploads)
    scans.read_next(by, scan_id, folder)  # one is a page by now, the other still an upload
    files.put(folder, b"left over")
    jobs.sweep_files(folder, datetime.now(UTC))
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 3
    jobs.sweep_files(folder, datetime.now(UTC) + 2 * jobs.ORPHANS_KEPT)
    kept = {path.name for path in folder.rglob("*") if path.is_file()}
    assert kept == scans.list_keys() and len(kept) == 2


def test_the_sweep_knows_everybody_who_keeps_files() -> None:
    services = Path(files.__file__).parent
    keepers = {path.stem for path in services.glob("*.py") if ".keeping(" in path.read_text()}
    assert keepers == {
        "attachments",
        "certificates_files",
        "documents_making",
        "documents_templates",
        "halls_turns",
        "mentorships_files",
        "nominations_files",
        "nominations_forms",
        "nominations_sending",
        "notices_proofs",
        "objections_files",
        "provincial_delegations_changes",
        "provincial_delegations_files",
        "provincial_delegations_forms",
        "provincial_delegations_layouts",
        "reports_replies",
        "scans",
        "seals",
        "selection_files",
        "violations",
        "workshops_files",
    }
    known = getsource(jobs.sweep_files)
    assert all(keeper in known for keeper in keepers)
