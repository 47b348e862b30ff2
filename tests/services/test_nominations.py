"""Nominations upward: from the superior's paper to the honour, and all that is refused (R8)."""

import io
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from docx import Document as open_docx
from openpyxl import load_workbook
from sqlalchemy import select

from models.database import db
from models.honours import Honour
from models.nominations import Nomination, NominationSentFile
from rules.data import InvalidRules
from rules.honours import HonourLevel, HonourVia
from rules.identity import IdKind
from rules.nomination_programmes import EXPERT, GRAND
from rules.nominations import NominationState, SentKind
from rules.people import PersonFacts
from rules.refusals import Missing, Refused
from rules.states import HonourState
from services import (
    files,
    honours,
    nominations,
    nominations_candidates,
    nominations_files,
    nominations_ladder,
    nominations_lists,
    nominations_notices,
    nominations_outcomes,
    nominations_packs,
    nominations_ranking,
    nominations_sending,
)
from services.attachments import Upload
from services.nominations_candidates import edit_candidate, nominate
from services.nominations_notices import ObjectionFacts
from tests.builders import Builder
from tests.nomination_story import OWN_UNTIL, NominationStory, pdf

S = NominationState


@pytest.fixture
def story(build: Builder, tmp_path: Path) -> NominationStory:
    return NominationStory(build, tmp_path)


def texts(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    error = caught.value
    return [str(one) for one in error.problems] if isinstance(error, InvalidRules) else [str(error)]


def test_a_call_runs_from_its_paper_to_the_granted_honour(story: NominationStory) -> None:
    call = story.call()
    master = story.worker(name="陈金凤")
    story.honour(master, EXPERT, HonourLevel.NATIONAL)
    best = story.nominated(call, "grand", master)
    good, fair = story.nominated(call, "expert"), story.nominated(call, "expert")
    story.checked(best, good, fair)
    story.ranked(call, "grand", best)
    story.ranked(call, "expert", fair, good)
    after = story.sent(call)
    assert {story.state(row) for row in (best, good, fair)} == {S.SENT}
    story.answered(call, {best.id: True, good.id: True, fair.id: False})
    assert [story.state(row) for row in (best, good, fair)] == [S.GRANTED, S.GRANTED, S.NOT_GRANTED]
    honour = db.session.scalars(select(Honour).where(Honour.title == GRAND)).one()
    assert (honour.state, honour.via, honour.level) == (
        HonourState.PROPOSED, HonourVia.SELECTION, HonourLevel.NATIONAL,
    )  # fmt: skip
    with pytest.raises(Refused, match="Somebody else must confirm"):
        honours.confirm(story.first(after), honour.id)
    honours.confirm(story.second(after), honour.id)
    steps = {one.rung.value: one for one in nominations_ladder.ladder_of(master.id)}
    assert [one.title for one in steps["nation"].titles] == [EXPERT]
    assert [one.title for one in steps["grand"].titles] == [GRAND]
    figures = {one.title: one for one in nominations_outcomes.figures()}
    assert (figures[EXPERT].sent, figures[EXPERT].granted) == (2, 1)
    assert (figures[GRAND].sent_times, figures[GRAND].granted_times) == (1, 1)
    nominations.close_call(story.first(after), call.id)
    assert nominations.get_call(call.id).state == "closed"


def test_a_pack_has_cover_index_numbers_and_bookmarks(story: NominationStory) -> None:
    call = story.call()
    row = story.nominated(call, "expert", story.worker(name="陈金凤"))
    story.checked(row)
    story.ranked(call, "expert", row)
    day = story.sent(call)
    sending = nominations_sending.list_sendings(call.id)[0]
    kinds = {one.kind: one for one in sending.files}
    assert set(kinds) == {SentKind.PACK, SentKind.FORM, SentKind.LIST}
    pack = nominations_sending.open_sent(story.first(day), kinds[SentKind.PACK].id, story.folder)
    assert pack.title == "全国技术能手-1-陈金凤-推荐材料.pdf"
    with pikepdf.open(io.BytesIO(pack.data)) as found:
        # cover, index, statement, then 1 + 1 + 1 + 3 pages of materials
        assert len(found.pages) == kinds[SentKind.PACK].pages == 9
        with found.open_outline() as outline:
            titles = [one.title for one in outline.root]
        assert titles[:3] == ["封面", "目录", "推荐对象情况"]
        assert titles[-1] == "所在单位公示证明"
    form = nominations_sending.open_sent(story.first(day), kinds[SentKind.FORM].id, story.folder)
    filled = open_docx(io.BytesIO(form.data))
    said = "".join(cell.text for row_ in filled.tables[0].rows for cell in row_.cells)
    assert "陈金凤" in said and "扎根一线二十年" in said and "{" not in said
    table = nominations_sending.open_sent(story.first(day), kinds[SentKind.LIST].id, story.folder)
    sheet = load_workbook(io.BytesIO(table.data)).worksheets[0]
    assert [cell.value for cell in sheet[2]][:4] == [1, EXPERT, "1", "陈金凤"]


def test_an_employer_can_stand_in_a_list_of_its_own(story: NominationStory) -> None:
    call = story.call()
    key = nominate(story.first(), call.id, "unit", story.employer.id)
    with pytest.raises(Refused, match="one route"):
        nominate(story.first(), call.id, "unit", story.employer.id)
    edit_candidate(story.first(), key, story.said(post=None, trade_since=None))
    row = nominations_candidates.get_nomination(key)
    story.papers(row)
    story.checked(row)
    story.ranked(call, "unit", row)
    story.sent(call)
    story.answered(call, {key: True})
    assert story.state(row) == S.GRANTED
    assert db.session.scalars(select(Honour)).all() == []  # that register is of people
    assert {one.title: one.granted for one in nominations_outcomes.figures()} == {
        "国家技能人才培育突出贡献单位": 1
    }


def test_what_was_sent_stays_and_a_change_is_the_next_number(story: NominationStory) -> None:
    call = story.call()
    row = story.nominated(call, "expert")
    story.checked(row)
    story.ranked(call, "expert", row)
    day = story.sent(call)
    first = nominations_sending.list_sendings(call.id)[0]
    pack = next(one for one in first.files if one.kind is SentKind.PACK)
    before = files.read(story.folder, pack.file_key, pack.file_sha256)
    with pytest.raises(Refused, match="approved or sent"):
        edit_candidate(story.first(day), row.id, story.said(merits="改写"))
    nominations_candidates.take_back(story.first(day), row.id, reason="上级要求补充专利证书")
    edit_candidate(story.first(day), row.id, story.said(merits="补充专利两项。"))
    with pytest.raises(InvalidRules, match="do not hold"):
        nominations_notices.approve_names(story.first(day), call.id)
    nominations_notices.approve_names(story.second(day), call.id)
    with pytest.raises(Refused, match="what has changed"):
        nominations_sending.send(story.first(day), call.id, " ", story.folder)
    nominations_sending.send(story.first(day), call.id, "补充专利", story.folder)
    numbers = [one.number for one in nominations_sending.list_sendings(call.id)]
    assert numbers == [2, 1]
    db.session.expire_all()
    kept = db.session.get_one(NominationSentFile, pack.id)
    assert files.read(story.folder, kept.file_key, kept.file_sha256) == before
    known = nominations_sending.list_keys()
    assert kept.file_key in known and len(known) == 6


def test_an_incomplete_pack_is_refused_with_every_lack_at_once(story: NominationStory) -> None:
    call = story.call()
    rows = []
    for _ in range(2):
        key = nominate(story.first(), call.id, "expert", story.worker().id)
        edit_candidate(story.first(), key, story.said())
        rows.append(nominations_candidates.get_nomination(key))
    story.checked(*rows)
    story.ranked(call, "expert", *rows)
    after = story.approved(call)
    with pytest.raises(InvalidRules) as caught:
        nominations_sending.send(story.first(after), call.id, "", story.folder)
    said = texts(caught)
    assert len(said) == 6 and all("is missing" in one for one in said)
    assert nominations_sending.list_sendings(call.id) == []
    assert {story.state(row) for row in rows} == {S.APPROVED}


def test_a_pack_above_the_page_limit_is_refused_and_leaves_no_bytes(
    story: NominationStory,
) -> None:
    call = story.call()
    row = story.nominated(call, "expert")
    nominations_files.attach(
        story.first(), row.id, "achievements", Upload("论文.pdf", pdf(50)), story.folder
    )
    story.checked(row)
    story.ranked(call, "expert", row)
    after = story.approved(call)
    count = len([path for path in story.folder.rglob("*") if path.is_file()])
    with pytest.raises(InvalidRules) as caught:
        nominations_sending.send(story.first(after), call.id, "", story.folder)
    assert "59 pages; at most 50" in texts(caught)[0]
    assert len([path for path in story.folder.rglob("*") if path.is_file()]) == count
    assert nominations_packs.pack_of(row, after, story.folder).pages == 59


def test_every_reason_against_a_candidate_is_said_at_once(story: NominationStory) -> None:
    call = story.call()
    person = story.worker(level=4)
    story.honour(person, EXPERT, HonourLevel.NATIONAL)
    key = nominate(story.first(), call.id, "expert", person.id)
    edit_candidate(
        story.first(), key, story.said(central=True, trade_since=date(2024, 1, 1), merits="")
    )
    with pytest.raises(InvalidRules) as caught:
        nominations_candidates.check(story.first(), key)
    said = "\n".join(texts(caught))
    for part in (
        "central enterprises",
        "bears the title",
        "从事本职业",
        "高级工",
        "merits",
    ):
        assert part in said, part
    with pytest.raises(InvalidRules):
        edit_candidate(story.first(), key, story.said(central=None))
        nominations_candidates.check(story.first(), key)


def test_a_candidate_has_one_route(story: NominationStory) -> None:
    call, other = story.call(), story.call(document="人社部函〔2026〕19号", title="另一通知")
    person = story.worker()
    key = nominate(story.first(), call.id, "expert", person.id)
    with pytest.raises(Refused, match="one route"):
        nominate(story.first(), call.id, "grand", person.id)
    again = nominate(story.first(), other.id, "expert", person.id)
    edit_candidate(story.first(), again, story.said())
    with pytest.raises(InvalidRules) as caught:
        nominations_candidates.check(story.first(), again)
    assert "nominated already: 第十七届" in texts(caught)[0]
    nominations_candidates.withdraw(story.first(), key, reason="改走另一渠道")
    nominations_candidates.check(story.first(), again)


def test_a_ranking_without_ties_gaps_or_too_many(story: NominationStory) -> None:
    call = story.call()
    rows = [story.nominated(call, "expert", papers=False) for _ in range(4)]
    story.checked(*rows)
    rank = nominations_ranking.rank
    one, two, three, four = (row.id for row in rows)
    for ranks, said in (
        ({one: 1, two: 1}, "given twice"),
        ({one: 1, two: 3}, "missing: 2"),
        ({one: 1, two: 2, three: 3, four: 4}, "3 places; 4 candidates"),
    ):
        with pytest.raises(InvalidRules) as caught:
            rank(story.first(), call.id, "expert", ranks)
        assert said in "".join(texts(caught))
    rank(story.first(), call.id, "expert", {one: 2, two: 1, three: 3})
    assert [story.state(row) for row in rows] == [S.RANKED, S.RANKED, S.RANKED, S.CHECKED]
    rank(story.first(), call.id, "expert", {one: None, three: 2})
    assert story.state(rows[0]) == S.CHECKED
    with pytest.raises(Missing):
        rank(story.first(), call.id, "grand", {one: 1})


def test_an_upheld_objection_takes_a_name_out_and_the_next_one_comes_in(
    story: NominationStory,
) -> None:
    call = story.call()
    rows = [story.nominated(call, "expert") for _ in range(3)]
    story.checked(*rows)
    story.ranked(call, "expert", *rows[:2])
    after = story.noticed(call)
    during = after - timedelta(days=2)
    facts = ObjectionFacts(during, "王某", "13700000000", "成果不属实")
    nominations_notices.record_objection(story.first(during), rows[0].id, facts)
    held = ObjectionFacts(during, "李某", "13700000001", "资历不符")
    nominations_notices.record_objection(story.first(during), rows[1].id, held)
    with pytest.raises(InvalidRules) as caught:
        nominations_notices.approve_names(story.second(after), call.id)
    assert all("objection is not answered" in one for one in texts(caught))
    first, second = (nominations_notices.list_objections(row.id)[0].id for row in rows[:2])
    answer = nominations_notices.answer_objection
    answer(story.first(after), first, upheld=True, answer="经核查属实")
    answer(story.first(after), second, upheld=False, answer="经核查不属实")
    assert [story.state(row) for row in rows] == [S.CHECKED, S.NOTICE, S.CHECKED]
    with pytest.raises(Refused, match="answered already"):
        answer(story.first(after), first, upheld=False, answer="再答复")
    nominations_notices.approve_names(story.second(after), call.id)
    rank = nominations_ranking.rank
    with pytest.raises(InvalidRules):  # the one that is approved stays in the order
        rank(story.first(after), call.id, "expert", {rows[1].id: None, rows[2].id: 1})
    rank(story.first(after), call.id, "expert", {rows[1].id: 1, rows[2].id: 2})
    last = story.approved(call, after)
    nominations_candidates.decline(story.first(last), rows[0].id, reason="异议成立")
    nominations_sending.send(story.first(last), call.id, "", story.folder)
    assert [story.state(row) for row in rows] == [S.DECLINED, S.SENT, S.SENT]


def test_two_people_open_a_call_and_approve_names(story: NominationStory) -> None:
    key = nominations.write_call(story.first(), story.facts(), story.rules())
    with pytest.raises(Refused, match="Somebody else must open"):
        nominations.open_call(story.first(), key)
    nominations.open_call(story.second(), key)
    with pytest.raises(Refused, match="frozen"):
        nominations.edit_call(story.first(), key, story.facts(), story.rules())
    call = nominations.get_call(key)
    row = story.nominated(call, "expert", papers=False)
    story.checked(row)
    story.ranked(call, "expert", row)
    after = story.noticed(call)
    with pytest.raises(InvalidRules) as caught:
        nominations_notices.approve_names(story.second(after - timedelta(days=1)), call.id)
    assert "the notice stands until" in texts(caught)[0]
    with pytest.raises(InvalidRules) as caught:
        nominations_notices.approve_names(story.first(after), call.id)
    assert "checked this candidate yourself" in texts(caught)[0]


def test_an_employer_proposes_completes_and_sees_only_its_own(story: NominationStory) -> None:
    call = story.call()
    number = story.build.id_number(date(1985, 3, 12))
    person = PersonFacts("王小明", IdKind.RESIDENT, number, held_level=1)
    propose = nominations_candidates.propose
    key = propose(story.own(), call.id, "expert", person)
    with pytest.raises(InvalidRules):
        nominations_candidates.hand_in(story.own(), key)
    edit_candidate(story.own(), key, story.said())
    row = nominations_candidates.get_nomination(key)
    story.papers(row, story.own())
    nominations_candidates.hand_in(story.own(), key)
    with pytest.raises(Refused, match="handed in"):
        edit_candidate(story.own(), key, story.said())
    late = OWN_UNTIL + timedelta(days=1)
    with pytest.raises(Refused, match="deadline was 2026-09-30"):
        propose(story.own(late), call.id, "grand", person)
    nominations_candidates.return_candidate(story.first(late), key, reason="补充事迹")
    edit_candidate(story.own(late), key, story.said(merits="补充。"))
    stranger = story.build.account("employer", employer_id=story.build.employer().id)
    other = story.build.actor(stranger)
    for act in (nominations_candidates.hand_in,):
        with pytest.raises(Missing):
            act(other, key)
    with pytest.raises(Missing):
        edit_candidate(other, key, story.said())
    file = nominations_files.list_files(call.id, key)[0]
    with pytest.raises(Missing):
        nominations_files.open_file(other, file.id, story.folder)
    assert nominations_files.open_file(story.own(late), file.id, story.folder).data
    nominations_candidates.hand_in(story.own(late), key)
    nominations_candidates.check(story.first(late), key)
    assert [one.id for one in nominations_lists.own_nominations(story.employer.id)] == [key]
    assert nominations_lists.own_nominations(stranger.employer_id or 0) == []


def test_suggestions_name_whom_the_registers_know_and_prefer_winners(
    story: NominationStory,
) -> None:
    call = story.call()
    fit, bearer, low = story.worker(level=2), story.worker(level=1), story.worker(level=5)
    story.honour(fit, "浙江省技术能手", HonourLevel.PROVINCE)
    story.honour(bearer, EXPERT, HonourLevel.NATIONAL)
    found = nominations_lists.suggestions(call, "expert")
    assert [one.person_id for one in found.rows] == [fit.id]
    assert low.id not in {one.person_id for one in found.rows}
    (one,) = found.rows
    assert {reason.key for reason in one.missing} == {"front_line", "years"}
    nominate(story.first(), call.id, "expert", fit.id)
    assert list(nominations_lists.suggestions(call, "expert").rows) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"MZ not a pdf", "Only files of these types"),
        (b"%PDF-1.7 broken", "damaged"),
    ],
)
def test_hostile_files_are_refused_and_nothing_else_is_lost(
    story: NominationStory, data: bytes, said: str
) -> None:
    call = story.call()
    row = story.nominated(call, "expert")
    before = len(nominations_files.list_files(call.id, row.id))
    count = len([path for path in story.folder.rglob("*") if path.is_file()])
    with pytest.raises(Refused, match=said):
        nominations_files.attach(
            story.first(), row.id, "honours", Upload("荣誉.pdf", data), story.folder
        )
    assert len(nominations_files.list_files(call.id, row.id)) == before
    assert len([path for path in story.folder.rglob("*") if path.is_file()]) == count


def test_a_locked_pdf_and_one_with_scripts_are_refused(story: NominationStory) -> None:
    call = story.call()
    row = story.nominated(call, "expert")
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    target = io.BytesIO()
    made.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Refused, match="locked with a password"):
        nominations_files.attach(
            story.first(), row.id, "honours", Upload("锁.pdf", target.getvalue()), story.folder
        )
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    target = io.BytesIO()
    made.save(target)
    with pytest.raises(Refused, match="holds a program"):
        nominations_files.attach(
            story.first(), row.id, "honours", Upload("脚本.pdf", target.getvalue()), story.folder
        )


def test_an_outcome_is_taken_back_before_its_honour_is_confirmed(story: NominationStory) -> None:
    call = story.call()
    row = story.nominated(call, "expert")
    story.checked(row)
    story.ranked(call, "expert", row)
    after = story.sent(call)
    with pytest.raises(Refused, match="no outcome yet"):
        nominations.close_call(story.first(after), call.id)
    story.answered(call, {row.id: True})
    undo = nominations_outcomes.undo_outcome
    undo(story.first(after), row.id, reason="名单看错")
    assert story.state(row) == S.SENT
    assert db.session.scalars(select(Honour.state)).all() == [HonourState.REJECTED]
    story.answered(call, {row.id: True})
    db.session.expire_all()
    honour_id = db.session.get_one(Nomination, row.id).honour_id
    assert honour_id is not None
    honours.confirm(story.second(date(2026, 12, 2)), honour_id)
    with pytest.raises(Refused, match="revoke it in the register"):
        undo(story.first(date(2026, 12, 2)), row.id, reason="名单看错")
