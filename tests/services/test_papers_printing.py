"""Printed sheets: one page after the other with its own code, and nothing about people."""

from collections.abc import Iterator
from decimal import Decimal

import pypdfium2
import pytest

from models.database import db
from models.entries import Entry
from rules.papers import PaperPage, read_payload
from rules.refusals import Refused
from rules.schemes import Aspect, AspectKind, Panel, Part, Scheme, Section
from rules.states import EventState
from services import contests, documents, judging, papers, papers_printing, scans_reading
from services.papers_printing import Wanted
from tests.builders import Builder
from tests.judging_rooms import Room, mixed_scheme, open_room, rich_scheme, seated_room


def long_scheme(count: int, words: int = 1) -> Scheme:
    """A part whose sheet needs several pages."""
    aspects = tuple(
        Aspect(
            key=f"A{number}",
            title=f"第{number}项 " + "尺寸精度与表面质量" * words,
            requirement="按图样检验，允差见工艺文件" * (number % 3),
            kind=AspectKind.JUDGEMENT if number % 4 == 0 else AspectKind.POINTS,
            ladder=("明显不合格" * words, "尚可", "良好", "优秀" * words)
            if number % 4 == 0
            else (),
            maximum=Decimal(2),
        )
        for number in range(1, count + 1)
    )
    sections = (
        Section(key="S1", title="第一单元", aspects=aspects[: count // 2]),
        Section(key="S2", title="第二单元", aspects=aspects[count // 2 :]),
    )
    part = Part(key="work", title="操作", weight=Decimal(100), sections=sections, panel=Panel())
    return Scheme(title="", parts=(part,))


def printed(room: Room, wanted: Wanted | None = None) -> bytes:
    event = contests.get_event(room.event_id)
    scheme = contests.scheme_of(event)
    return papers_printing.print_sheets(event, scheme, wanted or Wanted(), str)


def texts(pdf: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.get_textpage().get_text_bounded()
    document.close()


def codes(pdf: bytes) -> list[PaperPage]:
    """The pages as their codes name them; each check must be ours."""
    found = []
    for one in scans_reading.read_pages("pdf", pdf, 0, 99):
        read = read_payload(one.text)
        assert read is not None and read[1] == papers.page_check(read[0])
        found.append(read[0])
    return found


def test_each_sheet_has_its_code_seat_and_lines(build: Builder) -> None:
    room = open_room(build, entries=2, scheme=rich_scheme())
    pdf = printed(room)
    event = contests.get_event(room.event_id)
    found = papers.find_papers(event.id, contests.scheme_of(event))
    assert [(p.code, p.bench, p.seat) for p in codes(pdf)] == [
        (one.code, one.place, one.number) for one in found
    ]
    for one, text in zip(found, texts(pdf), strict=True):
        assert one.reference in text and one.code in text
        for line in one.layout.lines:
            assert line.title in text


def test_no_name_stands_on_a_sheet(build: Builder) -> None:
    room = open_room(build, entries=2)
    everything = " ".join(texts(printed(room)))
    event = contests.get_event(room.event_id)
    people = [judge.title for judge in room.judges]
    entries = [build_name(key) for key in room.entries]
    assert event.title in everything
    assert not [name for name in (*people, *entries) if name in everything]


def build_name(entry_id: int) -> str:
    return db.session.get_one(Entry, entry_id).title


@pytest.mark.parametrize(("count", "words"), [(12, 1), (30, 1), (50, 2), (37, 6)])
def test_long_sheets_run_over_numbered_pages(build: Builder, count: int, words: int) -> None:
    room = open_room(build, entries=1, scheme=long_scheme(count, words))
    pdf = printed(room)
    found = codes(pdf)
    assert [page.page for page in found] == [*range(1, len(found) + 1)]
    assert {page.pages for page in found} == {len(found)}
    pages = [*texts(pdf)]
    for number in range(1, count + 1):
        assert sum(f"第{number}项" in text for text in pages) == 1
    assert ["Signature" in text for text in pages] == [False] * (len(pages) - 1) + [True]


def test_what_overflows_a_page_is_set_with_less_on_each(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(build, entries=1, scheme=long_scheme(30))
    usual = len(codes(printed(room)))
    monkeypatch.setattr(papers_printing, "ROOM", 330.0)
    monkeypatch.setattr(papers_printing, "LAST_ROOM", 290.0)
    pdf = printed(room)
    assert documents.count_pages(pdf) == len(codes(pdf)) >= usual - 1


def test_sheets_are_printed_by_part_seat_and_work(build: Builder) -> None:
    room = open_room(build, entries=2)
    everything = codes(printed(room))
    assert len(everything) == 4
    first = everything[0]
    assert codes(printed(room, Wanted(1, 2))) == [page for page in everything if page.seat == 2]
    one = Wanted(first.bench, first.seat, first.code)
    assert codes(printed(room, one)) == [first]
    with pytest.raises(Refused, match="no sheet to print"):
        printed(room, Wanted(code="NIX"))


def test_sheets_can_be_printed_before_scoring_opens(build: Builder) -> None:
    room = seated_room(build)
    before = codes(printed(room))
    judging.open_scoring(room.by(room.chief), room.event_id)
    assert codes(printed(room)) == before and len(before) == 4


def test_reserve_sheets_name_no_work(build: Builder) -> None:
    room = seated_room(build)
    pdf = printed(room, Wanted(1, 2, reserves=3))
    assert [(page.code, page.bench, page.seat) for page in codes(pdf)] == [("", 1, 2)] * 3
    assert all("reserve sheet" in text for text in texts(pdf))
    with pytest.raises(Refused) as refused:
        printed(room, Wanted(reserves=3))
    assert refused.value.field == "seat"
    with pytest.raises(Refused) as refused:
        printed(room, Wanted(1, 2, reserves=51))
    assert refused.value.field == "reserves"
    with pytest.raises(Refused, match="no sheet to print"):
        printed(room, Wanted(9, 9, reserves=1))


def test_too_many_pages_are_refused_before_they_are_made(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(build, entries=2)
    monkeypatch.setattr(papers_printing, "MOST_PAGES", 3)
    with pytest.raises(Refused, match="4 pages, more than 3"):
        printed(room)


def test_sheets_are_printed_between_draw_and_confirmation(build: Builder) -> None:
    room = open_room(build, entries=1)
    room.event.state = EventState.REVIEW
    db.session.commit()
    with pytest.raises(Refused, match="from the draw until"):
        printed(room)


def test_a_changed_scheme_has_another_version(build: Builder) -> None:
    room = open_room(build, entries=1)
    before = codes(printed(room, Wanted(1, 1)))[0]
    changed = mixed_scheme().model_copy(update={"digits": 3})
    room.event.scheme = changed.model_dump(mode="json")
    db.session.commit()
    after = codes(printed(room, Wanted(1, 1)))[0]
    assert before.version != after.version and before.code == after.code


def test_titles_cannot_break_out_of_the_page(build: Builder) -> None:
    scheme = mixed_scheme()
    aspect = scheme.parts[0].aspects[0].model_copy(update={"title": "<b>&amp;</b> <img src=x>"})
    section = scheme.parts[0].sections[0].model_copy(update={"aspects": (aspect,)})
    part = scheme.parts[0].model_copy(update={"sections": (section,)})
    room = open_room(build, entries=1, scheme=scheme.model_copy(update={"parts": (part,)}))
    assert "<img src=x>" in next(texts(printed(room, Wanted(1, 1))))
