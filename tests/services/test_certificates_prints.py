"""Print files: in order, with what many share in them once, and as the certificates look."""

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops, ImageStat

from models.audits import AuditRecord
from models.certificates import Certificate
from models.database import db
from rules.certificate_designs import A4_LANDSCAPE
from rules.certificate_prints import PrintSheet
from rules.refusals import Refused
from services import certificates, certificates_layouts, certificates_prints
from services.certificates_imposing import Imposer
from services.certificates_prints import Chosen
from services.certificates_rendering import renderer
from tests.builders import Builder
from tests.certificate_people import paper
from tests.results_story import AFTER, Story

URL = "https://skillstar.example/verify/X"


def pages_of(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


@pytest.fixture
def papers(tmp_path: Path) -> list[bytes]:
    """Five certificates of one layout."""
    made = renderer(A4_LANDSCAPE, tmp_path)
    return [made.pdf(paper(name)) for name in ("王一", "欧阳震华", "张三", "𬍛㛃䶮", "陈二")]


def test_pages_look_like_the_certificates(papers: list[bytes]) -> None:
    imposer = Imposer(PrintSheet.SINGLE)
    imposer.add_papers(papers)
    printed = pages_of(imposer.save())
    assert len(printed) == 5
    for place, one in enumerate(papers):
        before = pages_of(one)[0].render(scale=1).to_pil().convert("L")
        after = printed[place].render(scale=1).to_pil().convert("L")
        difference = ImageChops.difference(before, after)
        assert before.size == after.size and ImageStat.Stat(difference).mean[0] < 0.05


def test_what_many_share_stands_in_the_file_once(papers: list[bytes]) -> None:
    imposer = Imposer(PrintSheet.SINGLE)
    imposer.add_papers(papers * 4)
    data = imposer.save()
    assert len(data) < sum(map(len, papers)) * 4 / 8
    with pikepdf.open(io.BytesIO(data)) as pdf:
        first, last = (pdf.pages[n].obj.Resources.XObject for n in (0, -1))
        assert first["/P00"].objgen == last["/P00"].objgen
        assert first["/P01"].objgen != last["/P01"].objgen


def test_two_lie_on_a_sheet_and_cut_piles_are_in_order(papers: list[bytes]) -> None:
    imposer = Imposer(PrintSheet.TWO_UP, backs=True)
    imposer.add_papers(papers)
    printed = pages_of(imposer.save())
    texts = [page.get_textpage().get_text_range() for page in printed]
    assert len(texts) == 6 and texts[1] == texts[3] == texts[5] == ""
    pairs = (("王一", "𬍛㛃䶮"), ("欧阳震华", "陈二"), ("张三",))
    for text, names in zip(texts[::2], pairs, strict=True):
        assert all(name in text for name in names)
    assert printed[0].get_size() == pytest.approx((907.09, 1275.59), abs=0.1)


def test_events_come_in_order_with_separator_and_list(build: Builder, tmp_path: Path) -> None:
    first = Story(build)
    employer = build.employer()
    for total in ("70", "90", "80"):
        first.entry(total, total, employer_id=employer.id)
    second = Story(build, contest=first.contest)
    second.field(["88"])
    first.issued()
    second.issued()
    chosen = Chosen(first.contest.id)
    parts = certificates_prints.parts_of(chosen)
    assert [len(part.lines) for part in parts] == [3, 1]
    awards = [db.session.get_one(Certificate, key).facts["award"] for key in parts[0].ids]
    assert awards == ["First prize", "Second prize", "Second prize"]
    assert {line.employer for line in parts[0].lines} == {employer.title}

    def pdf_of(one: Certificate) -> bytes:
        return certificates_layouts.pdf_of(one, URL, tmp_path)

    files = list(certificates_prints.print_files("竞赛", parts, chosen, pdf_of))
    assert [name[:3] for name, _data in files] == ["01_", "02_"]
    texts = [page.get_textpage().get_text_range() for page in pages_of(files[0][1])]
    assert len(texts) == 5 and "共 3 份" in texts[0]
    numbers = [db.session.get_one(Certificate, key).number for key in parts[0].ids]
    assert all(number in texts[1 + place] for place, number in enumerate(numbers))
    assert "签收" in texts[4]
    revoked = parts[0].ids[0]
    certificates.revoke(build.actor(now=AFTER), revoked, reason="姓名有误")
    left = certificates_prints.parts_of(Chosen(first.contest.id, first.event.id))
    assert [part.ids for part in left] == [parts[0].ids[1:]]


def test_each_print_file_is_recorded(build: Builder) -> None:
    contest = build.contest()
    certificates_prints.record_print(build.actor(), Chosen(contest.id), 3)
    record = db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == "print")).one()
    assert record.after == {"number": 3, "kind": "honour", "sheet": "single"}
    with pytest.raises(Refused, match="no valid certificate"):
        certificates_prints.record_print(build.actor(), Chosen(contest.id), 0)
