"""Word templates: what may come in, what is refused and where, filling, approval."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as open_docx
from docx.document import Document as Docx
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from models.audits import AuditRecord
from models.database import db
from models.documents import DocumentTemplate
from rules.data import InvalidRules
from rules.documents import DocumentKind, sample
from rules.refusals import Refused
from rules.states import TemplateState
from services import documents_templates
from services.documents_archives import LARGEST, LARGEST_TEXT, MOST_ENTRIES
from services.documents_checks import SAMPLE, check_template
from services.documents_defaults import default_template
from services.documents_filling import clean, filled
from tests.builders import Builder
from tests.services.test_documents_making import kept, word_text

KIND = DocumentKind.WINNERS
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def with_text(*texts: str, kind: DocumentKind = KIND) -> bytes:
    """The program's own template with more paragraphs at its end."""
    return edited(lambda docx: [docx.add_paragraph(text) for text in texts], kind)


def edited(change: Callable[[Docx], object], kind: DocumentKind = KIND) -> bytes:
    docx = open_docx(io.BytesIO(default_template(kind)))
    change(docx)
    target = io.BytesIO()
    docx.save(target)
    return target.getvalue()


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """The same archive with some parts changed, added, or left out."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def part(name: str, data: bytes | None = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data or default_template(KIND))) as archive:
        return archive.read(name)


def problems(data: bytes, kind: DocumentKind = KIND) -> list[str]:
    """What is wrong, with its places in words."""
    with pytest.raises((InvalidRules, Refused)) as caught:
        check_template(data, kind)
    found = caught.value
    return [str(one) for one in found.problems] if isinstance(found, InvalidRules) else [str(found)]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_programs_own_templates_pass_their_check(kind: DocumentKind) -> None:
    made = check_template(default_template(kind), kind)
    said = word_text(made)
    assert "".join(sample(kind)["title"].split()) in said and "{" not in said
    default_template.cache_clear()
    again = default_template(kind)
    default_template.cache_clear()
    assert again == default_template(kind)  # so that a change of them can be seen


@pytest.mark.parametrize(
    "texts",
    [
        ("{{ 标题 }}和{{ 竞赛 }}",),
        ("{%p for 组 in 名单 %}", "{{ 组.赛项 }}", "{%p endfor %}"),
        ("{% if 文号 and not 正文 %}无{% else %}有{% endif %}",),
        ("{% if 文号 == '1' %}一{% elif 文号 != \"2\" %}二{% endif %}",),
        ("{# 给同事的说明 #}",),
        ("{%p if 文号 %}", "文号：{{文号}}", "{%p endif %}"),
    ],
)
def test_fields_loops_and_conditions_may_be_used(texts: tuple[str, ...]) -> None:
    check_template(with_text(*texts), KIND)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("{{ 身份证号 }}",), "no field “身份证号”"),
        (("{{ 组.赛项 }}",), "no field “组.赛项”"),
        (("{%p for 组 in 名单 %}", "{{ 组.手机 }}", "{%p endfor %}"), "no field “组.手机”"),
        (("{{ 名单 }}",), "“名单” is a list"),
        (("{%p for 组 in 名单 %}", "{{ 组 }}", "{%p endfor %}"), "“组” is a list"),
        (("{%p for 字 in 标题 %}", "{%p endfor %}"), "“标题” is no list"),
        (("{% for i in range(10**9) %}{% endfor %}",), "more than a field"),
        (("{{ ''.__class__.__mro__ }}",), "more than a field"),
        (("{{ 标题.__class__ }}",), "no field “标题.__class__”"),
        (("{{ 标题|upper }}",), "more than a field"),
        (("{{ 标题 * 999999 }}",), "more than a field"),
        (("{{ 标题[0] }}",), "more than a field"),
        (("{{ 标题() }}",), "more than a field"),
        (("{% set x = 标题 %}",), "more than a field"),
        (("{% include 'x' %}",), "more than a field"),
        (("{% macro m() %}{% endmacro %}",), "more than a field"),
        (("{% if 标题 > '1' %}{% endif %}",), "more than a field"),
        (("{% for 组 in 名单 if 组.赛项 %}{% endfor %}",), "more than a field"),
        (("{% for 甲, 乙 in 名单 %}{% endfor %}",), "more than a field"),
        (
            ("{%p for 组 in 名单 %}", "{%p for 又 in 名单 %}", "{%p endfor %}", "{%p endfor %}"),
            "cannot run inside a loop",
        ),
        (("{% for 标题 in 名单 %}{% endfor %}",), "give the row another name"),
        (("{% for loop in 名单 %}{% endfor %}",), "give the row another name"),
        (("{{ loop.index }}",), "no field “loop.index”"),
        (("{%p for 组 in 名单 %}", "没有结束"), "cannot be read"),
        (("{{ 标 题 }}",), "cannot be read"),
        (("{{r 标题 }}",), "cannot be read"),
        (("{% hm %}",), "cannot be read"),
        (("{{ 标题",), "within one paragraph"),
        (("标题 }}",), "within one paragraph"),
        (("{{ 标题 }}" * 1001,), "more than 1000 fields"),
        (("{{ " + "标" * 300 + " }}",), "or one is too long"),
        (("{%p if " + "not " * 45 + "标题 %}", "{%p endif %}"), ""),
    ],
)
def test_whatever_is_more_than_that_is_refused_in_words(texts: tuple[str, ...], said: str) -> None:
    if not said:
        check_template(with_text(*texts), KIND)
        return
    assert said in " ".join(problems(with_text(*texts)))


def test_a_problem_names_its_paragraph_or_table_cell() -> None:
    (said,) = problems(edited(lambda docx: docx.paragraphs[4].add_run("{{ 无此项 }}")))
    assert said.startswith("Paragraph 4: ")

    def in_table(docx: Docx) -> None:
        docx.tables[0].cell(2, 3).paragraphs[0].add_run("{{ 人.手机 }}")

    (said,) = problems(edited(in_table))
    assert said.startswith("Table 1, row 3, column 4: ") and "人.手机" in said
    (said,) = problems(
        edited(lambda docx: docx.sections[0].footer.paragraphs[0].add_run("{{ 密码 }}"))
    )
    assert said.startswith("Header, footer or footnote: ")


def test_every_problem_is_told_at_once() -> None:
    assert len(problems(with_text("{{ 甲 }}", "{{ 乙 }}", "{{ 丙 }}"))) == 3


def test_what_hides_outside_of_paragraphs_is_found() -> None:
    xml = part("word/document.xml").replace(
        b"<w:body>", b'<w:body><w:bookmarkStart w:id="9" w:name="{{ x.__class__ }}"/>', 1
    )
    data = packed("word/document.xml", xml)
    assert "not a paragraph" in problems(data)[0]


def test_a_loop_that_crosses_its_table_is_refused() -> None:
    def crossing(docx: Docx) -> None:
        docx.add_paragraph("{% for 组 in 名单 %}")
        docx.add_table(rows=1, cols=1).cell(0, 0).text = "{% endfor %}"

    assert "cannot be filled" in problems(edited(crossing))[0]


def test_a_table_that_could_be_left_without_rows_is_refused() -> None:
    def bare(docx: Docx) -> None:
        docx.tables[0]._tbl.remove(docx.tables[0].rows[0]._tr)

    assert "no row" in problems(edited(bare))[0]


def xml_part(body: str) -> Callable[[Docx], object]:
    """Put an element into the first paragraph."""
    return lambda docx: docx.paragraphs[0]._p.append(parse_xml(body))


def packed(name: str, content: bytes | None) -> bytes:
    """The program's own template with one part changed, added or left out."""
    return repacked(default_template(KIND), **{name: content})


def coded(code: str) -> bytes:
    """A template with a Word field whose code lies in two runs."""
    half = len(code) // 2
    texts = f"<w:instrText>{code[:half]}</w:instrText><w:instrText>{code[half:]}</w:instrText>"
    begin, end = (f'<w:fldChar w:fldCharType="{one}"/>' for one in ("begin", "end"))
    return edited(xml_part(f"<w:r {W}>{begin}{texts}{end}</w:r>"))


ENTITY = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
INSERTED = f'<w:ins {W} w:id="1" w:author="张三"><w:r><w:t>x</w:t></w:r></w:ins>'
MANY = {f"word/{number}.xml": b"<a/>" for number in range(MOST_ENTRIES)}
NOT_PLAIN: tuple[tuple[bytes, str], ...] = (
    (b"", "not a Word document"),
    (b"%PDF-1.7", "not a Word document"),
    (b"PK\x03\x04 broken", "damaged"),
    (b"PK" + b"0" * LARGEST, "larger than 2 MB"),
    (packed("word/document.xml", None), "not a Word document"),
    (packed("word/vbaProject.bin", b"x"), "macros"),
    (packed("word/embeddings/a.bin", b"x"), "embedded object"),
    (packed("../evil.xml", b"<a/>"), "damaged"),
    (packed("/evil.xml", b"<a/>"), "damaged"),
    (packed("word/x.xml", b"<a" + b" " * LARGEST_TEXT), "too large"),
    (repacked(default_template(KIND), **MANY), "too large"),
    (packed("word/x.xml", ENTITY), "damaged"),
    (packed("word/x.xml", b"<a>"), "damaged"),
    (edited(xml_part(INSERTED)), "tracked changes"),
    (edited(xml_part(f"<w:object {W}/>")), "embedded object"),
    (edited(xml_part(f'<w:fldSimple {W} w:instr="INCLUDETEXT a"/>')), "INCLUDETEXT"),
    (coded("DDEAUTO x"), "DDEAUTO"),
    (
        edited(lambda docx: docx.add_comment(docx.paragraphs[2].runs, "改", "张三", "张")),
        "comments",
    ),
)


@pytest.mark.parametrize(("data", "said"), NOT_PLAIN)
def test_what_is_no_plain_word_file_is_refused(data: bytes, said: str) -> None:
    assert said in problems(data)[0]


@pytest.mark.parametrize(
    ("kind", "mode", "said"),
    [("hyperlink", 'TargetMode="External"', "outside itself"),
     ("attachedTemplate", 'TargetMode="External"', "outside itself"),
     ("oleObject", "", "embedded object"), ("vbaProject", "", "macros")],
)  # fmt: skip
def test_links_and_objects_are_refused(kind: str, mode: str, said: str) -> None:
    name = "word/_rels/document.xml.rels"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = f'<Relationship Id="x9" Type="{base}/{kind}" Target="http://example.org/a" {mode}/>'
    rels = part(name).replace(b"</Relationships>", more.encode() + b"</Relationships>")
    assert said in problems(packed(name, rels))[0]


def test_a_file_with_macros_under_another_name_is_refused() -> None:
    types = part("[Content_Types].xml").replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main",
        b"ms-word.document.macroEnabled.main",
    )
    data = packed("[Content_Types].xml", types)
    assert "macros" in problems(data)[0]


def named(*names: str) -> str:
    facts = sample(KIND)
    group = facts["groups"][0]
    winner = group["winners"][0]
    group["winners"] = [winner | {"name": clean(name)} for name in names]
    return word_text(filled(default_template(KIND), KIND, facts, SAMPLE))


@pytest.mark.parametrize(
    "name", ["<b>&amp;", "-张三", "𬍛·买买提", "=1+1", "{{ 标题 }}", "{% if %}", "\"'`", "]]>"]
)
def test_a_name_is_printed_as_it_is(name: str) -> None:
    assert "".join(name.split()) in named(name)


@settings(max_examples=25)  # a hundred names: a document takes long, its names do not
@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_name_gives_a_whole_file(names: list[str]) -> None:
    text = named(*names)
    for made in map(clean, names):
        assert "".join(made.replace("{_{", "{{").split()) in text or "_" in made


def test_what_nobody_sees_is_left_out_of_a_name() -> None:
    assert clean("张\x00三\u200b\u202e \n 李\t四") == "张三 李 四"


def test_a_second_person_approves_and_the_older_version_retires(
    build: Builder, tmp_path: Path
) -> None:
    first, second = build.account("bureau_staff"), build.account("bureau_staff")
    upload = documents_templates.upload
    one = upload(build.actor(first), KIND, None, with_text("一"), "", tmp_path)
    with pytest.raises(Refused, match="Somebody else must approve"):
        documents_templates.approve(build.actor(first), one)
    documents_templates.approve(build.actor(second), one)
    two = upload(build.actor(second), KIND, None, with_text("二"), "换页眉", tmp_path)
    documents_templates.approve(build.actor(first), two)
    states = {row.id: (row.number, row.state) for row in documents_templates.list_templates(KIND)}
    assert states == {one: (1, TemplateState.RETIRED), two: (2, TemplateState.APPROVED)}
    with pytest.raises(Refused, match="not possible in the present state"):
        documents_templates.approve(build.actor(second), one)
    assert documents_templates.present(KIND, None).id == two  # type: ignore[union-attr]
    documents_templates.retire(build.actor(first), two)
    assert documents_templates.present(KIND, None) is None
    record = db.session.query(AuditRecord).filter_by(action="approve").order_by(AuditRecord.id)
    assert [one.after["in_place_of"] for one in record if one.after] == [None, 1]


def test_a_refused_template_leaves_nothing_behind(build: Builder, tmp_path: Path) -> None:
    with pytest.raises(InvalidRules):
        documents_templates.upload(build.actor(), KIND, None, with_text("{{ 密码 }}"), "", tmp_path)
    assert kept(tmp_path) == 0 and db.session.query(DocumentTemplate).count() == 0


def test_a_template_comes_back_as_it_was_uploaded(build: Builder, tmp_path: Path) -> None:
    data = with_text("附注")
    key = documents_templates.upload(build.actor(), KIND, None, data, "", tmp_path)
    found = documents_templates.get_template(key)
    assert documents_templates.bytes_of(found, KIND, tmp_path) == data
    assert word_text(documents_templates.preview(found, KIND, tmp_path)).endswith("附注")
