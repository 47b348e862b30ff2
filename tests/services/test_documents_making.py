"""Documents from signed results: who stands in them, Word and PDF alike, superseded, withdrawn."""

import io
import json
import subprocess
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_docx
from sqlalchemy import select
from sqlalchemy import text as sql

from models.audits import AuditRecord
from models.awards import AwardHonour
from models.database import db
from models.documents import Document
from models.entries import Entry, EntryCoach
from models.results import Revision
from rules.data import InvalidRules
from rules.documents import DocumentKind
from rules.objections import Filing
from rules.refusals import Refused
from rules.states import DocumentState, RevisionState
from services import (
    appeals,
    documents_making,
    documents_templates,
    files,
    jobs,
    levels,
    notices,
    objections,
)
from services.acting import Actor
from services.appeals import Ending
from services.documents_defaults import default_template
from services.documents_facts import MAKERS, Wishes
from services.documents_parts import Words
from services.transaction import Repeated
from tests.builders import Builder
from tests.results_story import AFTER, NOW, Story
from tests.services.test_appeals import filing as appealing

WORDS = Words(lambda text: text, lambda level: f"L{level}")
NAMES = ("-张三", "李<b>&四", "𬍛·买买提", "=1+1")
OFFICIAL = (DocumentKind.DECISION, DocumentKind.WINNERS)


@pytest.fixture
def story(build: Builder) -> Story:
    """An event whose four winners have odd names."""
    found = Story(build)
    employer = build.employer(title="慈溪市<精工>&机械有限公司")
    for name, mark in zip(NAMES, ("95", "90", "85", "80"), strict=True):
        person = build.person(name=name)
        found.entry(mark, mark, person=person, employer_id=employer.id)
    return found


def wishes(story: Story, kind: DocumentKind, **more: Any) -> Wishes:
    """What staff would type, about everything that can be chosen."""
    typed: dict[str, Any] = {
        "sources": tuple(source.id for source in MAKERS[kind].sources(story.contest.id)),
        "dated": date(2026, 11, 22),
        "title": "关于公布获奖名单的决定",
        "opening": "现将名单公布如下。\n\n第二段。",
        "closing": "特此公布。",
        "addressee": "各有关单位",
        "issuers": "慈溪市人力资源和社会保障局\n慈溪市总工会",
    }
    return Wishes(**(typed | more))


def made(
    story: Story, kind: DocumentKind, folder: Path, by: Actor | None = None, **more: Any
) -> Document:
    by = by or story.actor("bureau_staff", AFTER)
    wished = wishes(story, kind, **more)
    key = documents_making.make(by, story.contest.id, kind, wished, WORDS, folder)
    return documents_making.get_document(key)


def refused(story: Story, kind: DocumentKind, folder: Path, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        made(story, kind, folder, **more)
    return str(caught.value)


def kept(folder: Path) -> int:
    """How many files lie in the store."""
    return len([path for path in folder.rglob("*") if path.is_file()])


def word_text(data: bytes) -> str:
    """All texts of a Word file in their order, without spaces."""
    body = open_docx(io.BytesIO(data)).element.body
    texts = [part.text or "" for part in body.iter() if str(part.tag).endswith("}t")]
    return "".join("".join(texts).split())


def pdf_text(data: bytes) -> str:
    """All texts of a PDF in their order, without spaces."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True, timeout=60
    )
    return "".join(done.stdout.decode().split())


def in_order(text: str, wanted: list[str]) -> bool:
    """Say whether the texts stand one behind the other."""
    at = 0
    for one in wanted:
        at = text.find(one, at)
        if at < 0:
            return False
        at += len(one)
    return True


def object_to(story: Story, notice_id: int, name: str) -> None:
    entry = db.session.scalars(select(Entry).where(Entry.title == name)).one()
    about = Filing(name="赵实名", contact="13900000000", facts="单位不符。" * 5, entry_id=entry.id)
    objections.file_objection(Actor(None, NOW, "test"), notice_id, about)


def test_an_official_document_waits_for_the_end_of_the_notice(story: Story, tmp_path: Path) -> None:
    for step in (lambda: None, story.computed):
        step()
        for kind in OFFICIAL:
            assert "No event is final yet" in refused(story, kind, tmp_path)
        assert "No public notice" in refused(story, DocumentKind.NOTICE, tmp_path)
        assert "No level list" in refused(story, DocumentKind.LEVELS, tmp_path)
    assert kept(tmp_path) == 0


def test_while_a_notice_stands_only_its_text_is_made(story: Story, tmp_path: Path) -> None:
    story.posted()
    for kind in OFFICIAL:
        assert "No event is final yet" in refused(story, kind, tmp_path)
    found = made(story, DocumentKind.NOTICE, tmp_path)
    assert found.title == "获奖名单公示" and "0574" in found.facts["contact"]
    assert "opening" in found.facts and found.left_out == []
    assert in_order(word_text(documents_making.word_of(found, tmp_path)), ["获奖名单公示", *NAMES])


def test_a_notice_of_replaced_results_gives_no_text(story: Story, tmp_path: Path) -> None:
    story.posted()
    db.session.query(Revision).update({"state": RevisionState.SUPERSEDED})
    db.session.commit()
    assert "No public notice" in refused(story, DocumentKind.NOTICE, tmp_path)


def test_results_that_are_not_final_cannot_be_smuggled_in(
    story: Story, build: Builder, tmp_path: Path
) -> None:
    story.final()
    other = Story(build)
    other.field(["95"])
    draft = other.computed()
    for sources in ((draft,), (*wishes(story, DocumentKind.WINNERS).sources, draft), (999,)):
        said = refused(story, DocumentKind.WINNERS, tmp_path, sources=sources)
        assert "can no longer be chosen" in said
    assert "Choose what" in refused(story, DocumentKind.WINNERS, tmp_path, sources=())


def test_word_and_pdf_say_the_same_in_the_same_order(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.DECISION, tmp_path, number="慈人社发〔2026〕12号")
    (group,) = found.facts["groups"]
    assert [one["name"] for one in group["winners"]] == list(NAMES)
    texts = ["慈人社发〔2026〕12号", "关于公布获奖名单的决定", "各有关单位：", "第二段。"]
    texts += ["特此公布。", "慈溪市人力资源和社会保障局", "慈溪市总工会", "2026年11月22日"]
    rows = [text for one in group["winners"] for text in (one["award"], one["name"], one["unit"])]
    word = word_text(documents_making.word_of(found, tmp_path))
    pdf = pdf_text(documents_making.pdf_of(found, tmp_path))
    squeezed = ["".join(text.split()) for text in (*texts, *rows)]
    assert in_order(word, squeezed) and in_order(pdf, squeezed)
    assert word.count("一等奖") + word.count("Firstprize") == 1


def test_a_decision_names_honours_with_their_grantors_and_people(
    story: Story, tmp_path: Path
) -> None:
    story.final()
    db.session.query(AwardHonour).update({"granted_by": "慈溪市总工会"})
    db.session.commit()
    found = made(story, DocumentKind.DECISION, tmp_path)
    (honour,) = found.facts["honours"]
    assert honour["grantor"] == "慈溪市总工会" and honour["count"] == "1"
    assert honour["people"] == "-张三（慈溪市<精工>&机械有限公司）"
    assert "由慈溪市总工会授予" in word_text(documents_making.word_of(found, tmp_path))


def test_coaches_and_the_members_of_a_team_are_named(
    story: Story, build: Builder, tmp_path: Path
) -> None:
    entry = db.session.scalars(select(Entry).where(Entry.title == NAMES[1])).one()
    entry.title = "精工一队"
    coach = build.person(name="周师傅")
    db.session.add(EntryCoach(entry_id=entry.id, person_id=coach.id))
    story.final()
    found = made(story, DocumentKind.WINNERS, tmp_path)
    row = found.facts["groups"][0]["winners"][1]
    assert (row["name"], row["members"], row["coaches"]) == ("精工一队", NAMES[1], "周师傅")
    assert f"精工一队（{NAMES[1]}）" in word_text(documents_making.word_of(found, tmp_path))


def test_who_waits_for_an_answer_is_left_out_and_named_to_staff(
    story: Story, tmp_path: Path
) -> None:
    notice_id = story.posted()
    object_to(story, notice_id, NAMES[0])
    notices.close(story.actor("bureau_staff", AFTER), notice_id)
    for kind in OFFICIAL:
        found = made(story, kind, tmp_path)
        (group,) = found.facts["groups"]
        assert [one["name"] for one in group["winners"]] == list(NAMES[1:])
        assert [one["order"] for one in group["winners"]] == ["1", "2", "3"]
        assert found.left_out == [[NAMES[0], story.event.title, "objection"]]
        for text in (
            word_text(documents_making.word_of(found, tmp_path)),
            pdf_text(documents_making.pdf_of(found, tmp_path)),
        ):
            assert NAMES[0] not in text and NAMES[1] in text


def test_a_document_about_nobody_is_not_made(build: Builder, tmp_path: Path) -> None:
    story = Story(build)
    story.entry("95", "95", person=build.person(name=NAMES[0]))
    notice_id = story.posted()
    object_to(story, notice_id, NAMES[0])
    notices.close(story.actor("bureau_staff", AFTER), notice_id)
    assert "Nobody would stand" in refused(story, DocumentKind.WINNERS, tmp_path)


def listed(story: Story) -> int:
    """Prepare and approve a level list."""
    key = levels.prepare(story.actor("bureau_staff", AFTER), story.contest.id, body="评价中心")
    levels.submit(story.actor("bureau_staff", AFTER), key)
    return levels.approve(story.actor("bureau_staff", AFTER), key)


def test_a_level_list_for_publication_comes_from_an_approved_list(
    story: Story, tmp_path: Path
) -> None:
    story.final()
    key = levels.prepare(story.actor("bureau_staff", AFTER), story.contest.id, body="评价中心")
    assert "No level list is approved" in refused(story, DocumentKind.LEVELS, tmp_path)
    levels.submit(story.actor("bureau_staff", AFTER), key)
    levels.approve(story.actor("bureau_staff", AFTER), key)
    found = made(story, DocumentKind.LEVELS, tmp_path, title="晋级名册")
    lines = found.facts["lines"]
    assert [one["name"] for one in lines] == list(NAMES)
    assert {one["level"] for one in lines} == {"L3"}
    wanted = [text for one in lines for text in (one["name"], one["occupation"], one["level"])]
    for text in (
        word_text(documents_making.word_of(found, tmp_path)),
        pdf_text(documents_making.pdf_of(found, tmp_path)),
    ):
        assert in_order(text, wanted) and "评价中心" in text


def test_no_identity_number_stands_in_a_level_list(story: Story, tmp_path: Path) -> None:
    story.final()
    listed(story)
    found = made(story, DocumentKind.LEVELS, tmp_path)
    people = [member.person for one in db.session.scalars(select(Entry)) for member in one.members]
    said = json.dumps(found.facts) + word_text(documents_making.word_of(found, tmp_path))
    assert people and not [one for one in people if one.id_number[-8:] in said]


def test_a_later_appeal_leaves_one_person_out_of_the_level_list(
    build: Builder, tmp_path: Path
) -> None:
    story = Story(build)
    entries = story.field(["95", "85", "75"])
    appeals.end_event(story.actor("organizer"), story.event.id, Ending(ended_at=NOW))
    story.final()
    listed(story)
    appeals.file_appeal(story.actor("organizer"), entries[1].id, appealing())
    found = made(story, DocumentKind.LEVELS, tmp_path)
    names = [entry.title for entry in entries]
    assert [one["name"] for one in found.facts["lines"]] == [names[0], names[2]]
    assert found.left_out == [[names[1], story.event.title, "appeal"]]
    winners = made(story, DocumentKind.WINNERS, tmp_path)
    assert winners.left_out == [[names[1], story.event.title, "appeal"]]


def test_a_level_list_whose_results_were_replaced_gives_nothing(
    story: Story, tmp_path: Path
) -> None:
    story.final()
    listed(story)
    db.session.query(Revision).update({"state": RevisionState.SUPERSEDED})
    db.session.commit()
    assert "No level list is approved" in refused(story, DocumentKind.LEVELS, tmp_path)


def test_what_was_made_from_replaced_results_says_so(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.WINNERS, tmp_path)
    assert not documents_making.is_superseded(found)
    assert "已被替代" not in word_text(documents_making.word_of(found, tmp_path))
    db.session.query(Revision).update({"state": RevisionState.SUPERSEDED})
    db.session.commit()
    found = documents_making.get_document(found.id)
    assert documents_making.is_superseded(found) and found.state is DocumentState.MADE
    assert word_text(documents_making.word_of(found, tmp_path)).startswith("（本文书已被替代）")
    assert pdf_text(documents_making.pdf_of(found, tmp_path)).startswith("（本文书已被替代）")


def test_a_new_document_takes_the_place_of_an_older_one(story: Story, tmp_path: Path) -> None:
    story.final()
    old = made(story, DocumentKind.WINNERS, tmp_path).id
    assert documents_making.list_replaceable(story.contest.id, DocumentKind.WINNERS)[0][0] == old
    new = made(story, DocumentKind.WINNERS, tmp_path, replaces=old).id
    found = documents_making.get_document(old)
    assert (found.state, found.replaced_by_id) == (DocumentState.SUPERSEDED, new)
    assert documents_making.is_superseded(found)
    said = refused(story, DocumentKind.WINNERS, tmp_path, replaces=old)
    assert "Only a standing document" in said
    assert "Only a standing document" in refused(
        story, DocumentKind.DECISION, tmp_path, replaces=new
    )


def test_a_number_is_given_once_and_stays_taken(story: Story, tmp_path: Path) -> None:
    story.final()
    first = made(story, DocumentKind.WINNERS, tmp_path, number="慈人社〔2026〕1号")
    files_before = kept(tmp_path)
    by = story.actor("bureau_staff", AFTER)
    documents_making.withdraw(by, first.id, reason="打印错误")
    assert "number is taken" in refused(
        story, DocumentKind.DECISION, tmp_path, number="慈人社〔2026〕1号"
    )
    assert kept(tmp_path) == files_before
    made(story, DocumentKind.WINNERS, tmp_path)
    made(story, DocumentKind.WINNERS, tmp_path)  # without a number there may be many


def test_a_withdrawn_document_stays_withdrawn(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.WINNERS, tmp_path)
    by = story.actor("bureau_staff", AFTER)
    documents_making.withdraw(by, found.id, reason="打印错误")
    with pytest.raises(Refused, match="not possible in the present state"):
        documents_making.withdraw(by, found.id, reason="再次")
    assert documents_making.get_document(found.id).reason == "打印错误"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("title", " ", "Write a heading"), ("title", "长" * 161, "Write a heading"),
     ("number", "号" * 61, "at most 60")],
)  # fmt: skip
def test_what_is_typed_has_its_limits(
    story: Story, tmp_path: Path, field: str, text: str, said: str
) -> None:
    story.final()
    assert said in refused(story, DocumentKind.WINNERS, tmp_path, **{field: text})


def test_personal_data_typed_around_the_lists_is_refused(story: Story, tmp_path: Path) -> None:
    story.final()
    with pytest.raises(InvalidRules) as caught:
        made(story, DocumentKind.DECISION, tmp_path, closing="联系人张三，13900001111。")
    assert [one.field for one in caught.value.problems] == ["closing"]


def test_a_file_names_the_issuing_body_and_nobody_else(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.DECISION, tmp_path)
    data = documents_making.word_of(found, tmp_path)
    facts = open_docx(io.BytesIO(data)).core_properties
    bodies = "慈溪市人力资源和社会保障局、慈溪市总工会"
    assert (facts.author, facts.last_modified_by, facts.title) == (bodies, bodies, found.title)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "app.xml" in name or "thumb" in name]
    info = subprocess.run(
        ["pdfinfo", "-"],
        input=documents_making.pdf_of(found, tmp_path),
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert f"Author:          {bodies}" in info
    assert not [name for name in NAMES if name in info]


def test_a_pdf_for_the_public_is_set_once(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.WINNERS, tmp_path)
    first = documents_making.pdf_of(found, tmp_path)
    (path,) = (tmp_path / "papers").iterdir()
    path.write_bytes(b"kept")
    assert first.startswith(b"%PDF") and documents_making.pdf_of(found, tmp_path) == b"kept"


def test_the_same_request_makes_one_document(story: Story, tmp_path: Path) -> None:
    story.final()
    account = story.account("bureau_staff")
    by = Actor(account.id, AFTER, "r", "key-1")
    first = made(story, DocumentKind.WINNERS, tmp_path, by=by)
    files_before = kept(tmp_path)
    with pytest.raises(Repeated) as again:
        made(story, DocumentKind.WINNERS, tmp_path, by=by)
    assert again.value.subject_id == first.id and kept(tmp_path) == files_before


def test_facts_that_change_while_a_document_is_made_are_noticed(
    story: Story, tmp_path: Path
) -> None:
    story.final()
    by, kind = story.actor("bureau_staff", AFTER), DocumentKind.WINNERS
    stale = documents_making.Made("0" * 64, None, files.put(tmp_path, b"x"))
    wished = wishes(story, kind)
    with pytest.raises(Refused, match="changed meanwhile"):
        documents_making.add_document(by, story.contest.id, kind, wished, WORDS, stale)


def test_what_is_recorded_holds_no_name(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.DECISION, tmp_path, number="1号")
    query = select(AuditRecord).where(AuditRecord.subject == "document")
    record = db.session.scalars(query).one()
    assert (record.action, record.subject_id) == ("make", found.id)
    assert record.after is not None and record.after["digest"] == found.digest
    assert not [name for name in NAMES if name in json.dumps(record.after, ensure_ascii=False)]
    raw = db.session.execute(sql("SELECT facts, left_out FROM document")).one()
    assert not [name for name in NAMES for column in raw if name in column]


def test_kept_files_are_not_swept_away(story: Story, tmp_path: Path) -> None:
    story.final()
    found = made(story, DocumentKind.WINNERS, tmp_path)
    jobs.sweep_files(tmp_path, datetime.now(UTC) + timedelta(days=3))
    assert documents_making.word_of(found, tmp_path)


def test_the_approved_template_of_a_contest_goes_before_the_general_one(
    story: Story, tmp_path: Path
) -> None:
    story.final()
    kind = DocumentKind.WINNERS
    for contest_id, mark in ((None, "通用模板"), (story.contest.id, "本届模板")):
        docx = open_docx(io.BytesIO(default_template(kind)))
        docx.add_paragraph(mark)
        target = io.BytesIO()
        docx.save(target)
        by = story.actor("bureau_staff")
        key = documents_templates.upload(by, kind, contest_id, target.getvalue(), "", tmp_path)
        assert mark not in word_text(
            documents_making.word_of(made(story, kind, tmp_path), tmp_path)
        )
        documents_templates.approve(story.actor("bureau_staff"), key)
        found = made(story, kind, tmp_path)
        assert found.template_id == key
        assert word_text(documents_making.word_of(found, tmp_path)).endswith(mark)
