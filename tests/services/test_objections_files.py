"""Files of objections: from the objector by code, from staff, of the answer; read by few."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from rules.attachments import MOST_FILES
from rules.objections import Channel, Conclusion
from rules.refusals import Missing, Refused
from services import (
    files,
    objections,
    objections_files,
    objections_handling,
    objections_letters,
    objections_outcomes,
)
from services.attachments import Upload
from services.objections_outcomes import Order
from tests.results_story import NOW
from tests.services.test_objections import VISITOR, filing, staff, story

__all__ = ["story"]
PDF = b"%PDF-1.7 evidence"


def upload(data: bytes = PDF, name: str = "证明.pdf") -> Upload:
    return Upload(name, data)


def test_the_objector_adds_files_and_takes_them_out_by_the_code(story: Any, tmp_path: Path) -> None:
    found = objections.file_objection(VISITOR, story.notice, filing(story))
    objections_files.attach_own(VISITOR, found.code, upload(), tmp_path)
    (file,) = objections_files.list_files(found.id)
    assert (file.title, file.size, file.of_answer) == ("证明.pdf", len(PDF), False)
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert files.read(tmp_path, file.file_key) == PDF
    assert objections_files.list_keys() == {file.file_key}
    assert objections_files.open_own(VISITOR, found.code, file.id, tmp_path).data == PDF
    with pytest.raises(Missing):
        objections_files.open_own(VISITOR, "AAAABBBBCCCC", file.id, tmp_path)
    with pytest.raises(Missing):
        objections_files.attach_own(VISITOR, "AAAABBBBCCCC", upload(), tmp_path)
    made = objections_letters.receipt(
        objections.get_objection(found.id), objections_files.list_files(found.id)
    )
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize("data", [b"", b"MZ program", b"<html>", PDF + b"0" * (8 * 2**20)])
def test_a_file_of_another_kind_or_too_large_leaves_nothing(
    story: Any, tmp_path: Path, data: bytes
) -> None:
    found = objections.file_objection(VISITOR, story.notice, filing(story))
    with pytest.raises(Refused) as caught:
        objections_files.attach_own(VISITOR, found.code, upload(data), tmp_path)
    assert caught.value.field == "file"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_same_file_and_too_many_are_refused(story: Any, tmp_path: Path) -> None:
    found = objections.file_objection(VISITOR, story.notice, filing(story))
    for number in range(MOST_FILES):
        objections_files.attach_own(VISITOR, found.code, upload(PDF + bytes([number])), tmp_path)
    with pytest.raises(Refused, match="there already"):
        objections_files.attach_own(VISITOR, found.code, upload(PDF + b"\0"), tmp_path)
    with pytest.raises(Refused, match="at most"):
        objections_files.attach_own(VISITOR, found.code, upload(PDF + b"more"), tmp_path)


def test_files_are_for_the_handler_and_those_of_the_answer_wait_for_it(
    story: Any, tmp_path: Path
) -> None:
    found = objections.file_objection(VISITOR, story.notice, filing(story))
    objections_files.attach_own(VISITOR, found.code, upload(), tmp_path)
    (file,) = objections_files.list_files(found.id)
    by, other = staff(story), staff(story)
    with pytest.raises(Refused, match="in hand first"):
        objections_files.attach_answer(by, found.id, upload(PDF + b"2"), tmp_path)
    objections_handling.take(by, found.id)
    assert objections_files.open_file(by, found.id, file.id, tmp_path).data == PDF
    with pytest.raises(Missing):
        objections_files.open_file(other, found.id, file.id, tmp_path)
    with pytest.raises(Refused, match="who has it in hand"):
        objections_files.attach(other, found.id, upload(PDF + b"2"), tmp_path)
    with pytest.raises(Refused, match="Somebody else"):
        objections_files.attach_answer(other, found.id, upload(PDF + b"2"), tmp_path)
    objections_files.attach_answer(by, found.id, upload(PDF + b"2"), tmp_path)
    reply = objections_files.list_files(found.id)[-1]
    with pytest.raises(Missing):
        objections_files.open_own(VISITOR, found.code, reply.id, tmp_path)
    objections_handling.answer(by, found.id, finding=Conclusion.UPHELD, text="属实")
    assert objections_files.open_own(VISITOR, found.code, reply.id, tmp_path).data == PDF + b"2"
    with pytest.raises(Refused):
        objections_files.attach_own(VISITOR, found.code, upload(PDF + b"3"), tmp_path)
    objections_outcomes.carry_out(by, found.id, Order("更正姓名用字"))
    row, listed = objections.get_objection(found.id), objections_files.list_files(found.id)
    assert objections_letters.answer(row, listed).startswith(b"%PDF-")


def test_who_records_a_letter_adds_what_came_with_it(story: Any, tmp_path: Path) -> None:
    by = staff(story)
    found = objections.record_objection(by, story.notice, filing(story), Channel.LETTER, NOW)
    assert objections_files.attach(by, found.id, upload(), tmp_path) == found.id
    objections_handling.take(staff(story), found.id)
    with pytest.raises(Refused):
        objections_files.attach(by, found.id, upload(PDF + b"2"), tmp_path)
