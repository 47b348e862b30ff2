"""Files of selections: told by their content, hostile ones refused with the reason."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from rules.refusals import Missing, Refused
from rules.selection_rounds import FileRule
from services import files, jobs, selection_files
from services.acting import Actor
from services.attachments import Upload
from services.selection_files import Keeper, Room
from tests.builders import NOW, Builder
from tests.selection_story import SelectionStory

PAPERS = FileRule(
    key="papers", title="证明材料", types=("pdf", "png"), most=3, megabytes=1, pages=4
)


def pdf(pages: int = 1, **root: Any) -> bytes:
    """A PDF with so many empty pages, and what else stands in its catalogue."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    return saved(document)


def saved(document: pikepdf.Pdf, **more: Any) -> bytes:
    target = io.BytesIO()
    fixed = {} if "encryption" in more else {"deterministic_id": True}
    document.save(target, **fixed, **more)
    return target.getvalue()


def action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


def with_annotation(subtype: str, **more: Any) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{subtype}"), Rect=[0, 0, 9, 9], **more
    )
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([note]))
    return saved(document)


def with_file() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["virus.exe"] = b"MZ"
    return saved(document)


def locked() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    return saved(document, encryption=pikepdf.Encryption(owner="a", user="b"))


def only_owner_locked() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    return saved(document, encryption=pikepdf.Encryption(owner="a", user=""))


def _notes() -> PngInfo:
    notes = PngInfo()
    notes.add_text("Comment", "GPS 30.1")
    return notes


def picture(side: int = 30, **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(target, "PNG", **more)
    return target.getvalue()


HOSTILE = {
    "opens_script": (pdf(OpenAction=action("JavaScript", JS="app.alert(1)")), "program"),
    "named_script": (
        pdf(Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[]))),
        "program",
    ),
    "script_of_a_link": (with_annotation("Link", A=action("JavaScript", JS="x")), "program"),
    "launch": (with_annotation("Link", A=action("Launch", F="cmd.exe")), "open something"),
    "sends_a_form": (with_annotation("Link", A=action("SubmitForm", F="http://a")), "open some"),
    "page_opens": (pdf(AA=pikepdf.Dictionary(WC=action("JavaScript", JS="x"))), "program"),
    "chained": (
        pdf(OpenAction=action("GoTo", D=[], Next=[action("Launch", F="a")])),
        "open something",
    ),
    "form_program": (pdf(AcroForm=pikepdf.Dictionary(XFA="<x/>", Fields=[])), "program"),
    "embedded": (with_file(), "another file"),
    "film": (with_annotation("RichMedia"), "another file"),
    "locked": (locked(), "password"),
    "locked_for_changes": (only_owner_locked(), "password"),
    "broken": (b"%PDF-1.7 nothing", "damaged"),
    "a_program": (b"MZ\x90\x00", "by their content"),
    "a_page_of_the_web": (b"<html><script>", "by their content"),
    "a_jpeg": (b"\xff\xd8\xff\xe0", "by their content"),
    "no_picture": (b"\x89PNG\r\n\x1a\n nothing", "cannot be read"),
    "empty": (b"", "empty"),
    "too_large": (b"%PDF-" + bytes(2**20), "larger than 1 MB"),
}


@pytest.fixture
def holder(build: Builder) -> Iterator[str]:
    """A kind of holder that its owner alone may change, and one more may read."""
    story = SelectionStory(build)
    round_id = story.drafted()
    owner, reader = build.account("contestant"), build.account("reviewer")

    def room(by: Actor, holder_id: int, rule: str) -> Room:
        if by.account_id != owner.id:
            raise Missing(holder_id)
        return Room(round_id, PAPERS if rule else FileRule(key="free", title="其他"), pages=6)

    selection_files.let_read("probe", lambda account, _: account.id == reader.id)
    selection_files.register(
        "probe", Keeper(room, [lambda account, _: account.id == owner.id], "selection_application")
    )
    probe.update(owner=owner.id, reader=reader.id, staff=story.one.id)
    yield "probe"
    del selection_files.KEEPERS["probe"]


probe: dict[str, int] = {}


def by(who: str = "owner") -> Actor:
    return Actor(probe[who], NOW)


def attach(data: bytes, folder: Path, rule: str = "papers", name: str = "证书.pdf") -> int:
    return selection_files.attach(by(), "probe", 1, Upload(name, data), folder, rule)


def on_disk(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_with_its_reason_and_leaves_nothing(
    holder: str, tmp_path: Path, name: str
) -> None:
    data, reason = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        attach(data, tmp_path, name="证书.pdf")
    assert reason in str(refusal.value), str(refusal.value)
    assert on_disk(tmp_path) == 0
    assert selection_files.list_files(holder, 1) == []


def test_what_a_file_is_says_its_content_and_its_pages_are_counted(
    holder: str, tmp_path: Path
) -> None:
    attach(pdf(3), tmp_path, name="照片.png")
    attach(picture(pnginfo=_notes()), tmp_path, name="a/../../证书.pdf")
    paper, photo = selection_files.list_files(holder, 1)
    assert (paper.title, paper.kind, paper.pages) == ("照片.pdf", "pdf", 3)
    assert (photo.title, photo.kind, photo.pages) == ("证书.png", "png", 1)
    assert b"GPS" not in selection_files.open_file(by(), photo.id, tmp_path).data


def test_links_and_bookmarks_are_no_harm(holder: str, tmp_path: Path) -> None:
    link = with_annotation("Link", A=action("URI", URI="https://www.example.org/"))
    assert attach(link, tmp_path)
    assert attach(pdf(OpenAction=action("GoTo", D=[0])), tmp_path)


def test_files_and_pages_have_limits_by_rule_and_in_total(holder: str, tmp_path: Path) -> None:
    attach(pdf(3), tmp_path)
    with pytest.raises(Refused, match="At most 4 pages are taken; with this file there would be 5"):
        attach(pdf(2), tmp_path)
    attach(pdf(1), tmp_path)
    with pytest.raises(Refused, match="At most 6 pages"):
        attach(pdf(4), tmp_path, rule="")
    with pytest.raises(Refused, match="there already"):
        attach(pdf(1), tmp_path)
    attach(pdf(2, Lang="zh"), tmp_path, rule="")
    assert on_disk(tmp_path) == 3


def test_who_may_open_is_told_by_its_subject_and_each_copy_is_recorded(
    holder: str, build: Builder, tmp_path: Path
) -> None:
    key = attach(pdf(), tmp_path)
    for who in ("owner", "reader", "staff"):
        assert selection_files.open_file(by(who), key, tmp_path).data == pdf()
    probe["stranger"] = build.account("contestant").id
    with pytest.raises(Missing):
        selection_files.open_file(by("stranger"), key, tmp_path)
    for who in ("reader", "stranger", "staff"):
        with pytest.raises(Missing):
            selection_files.remove(by(who), key, tmp_path)
    query = select(AuditRecord.action, AuditRecord.after).order_by(AuditRecord.id.desc())
    (action_, after), *_ = db.session.execute(query.limit(1)).all()
    assert (action_, set(after)) == ("download", {"digest"})
    assert selection_files.remove(by(), key, tmp_path) == 1
    assert on_disk(tmp_path) == 0


def test_the_sweep_knows_the_files_of_selections(
    holder: str, build: Builder, tmp_path: Path
) -> None:
    attach(pdf(), tmp_path)
    files.put(tmp_path, b"left behind")
    jobs.sweep_files(tmp_path, NOW.replace(year=2100))
    assert on_disk(tmp_path) == 1
