"""Personal data in texts for the public: found in every writing, and nothing else is (R9.03)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.identity import check_digit
from rules.personal_data import EVERYTHING, IN_CONTACT, Kind, found_in, text_problems

TODAY = date(2026, 9, 15)
BESIDE = st.text(alphabet="公示名单张伟，。（）：\n", max_size=12)
births = st.dates(date(1930, 1, 1), date(2010, 12, 31))
GROUPS = ((18,), (6, 8, 4), (6, 8, 3, 1), (6, 4, 4, 4), (4, 4, 4, 4, 2), (3, 3, 4, 4, 4))


def kinds(text: str) -> list[Kind]:
    return [finding.kind for finding in found_in(text, TODAY)]


def identity(birth: date, region: int, order: int) -> str:
    first = f"{region}{birth:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def in_groups(text: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return gap.join(parts)


@given(
    births,
    st.integers(110000, 659999),
    st.integers(0, 999),
    st.sampled_from(GROUPS),
    st.sampled_from(" -·"),
    BESIDE,
    BESIDE,
)
def test_every_identity_number_is_found_however_it_is_grouped(
    birth, region, order, sizes, gap, before, after
):
    text = before + in_groups(identity(birth, region, order), sizes, gap) + after
    assert Kind.IDENTITY in kinds(text)


@given(births, st.integers(110000, 659999), st.integers(0, 999), st.integers(14, 17))
def test_a_figure_too_few_too_many_or_wrong_changes_nothing(birth, region, order, place):
    whole = identity(birth, region, order)
    wrong = whole[:place] + str((int(whole[16]) + 1) % 10) + whole[place + 1 :]
    for slip in (whole[:-1], whole[:-1] + "04", wrong):
        assert Kind.IDENTITY in kinds(f"张伟{slip}。"), slip


@given(births, st.integers(110000, 659999), st.integers(0, 999))
def test_full_width_figures_and_characters_that_nobody_sees_hide_nothing(birth, region, order):
    whole = identity(birth, region, order)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in whole)
    assert kinds(wide) == [Kind.IDENTITY]
    assert kinds("\u200b".join(whole)) == [Kind.IDENTITY]


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["", " ", "-"]), BESIDE, BESIDE)
def test_every_mobile_number_is_found_but_the_contact_may_hold_one(number, gap, before, after):
    text = before + in_groups(str(number), (3, 4, 4), gap) + after
    assert Kind.MOBILE in kinds(text)
    assert Kind.MOBILE not in {one.kind for one in found_in(text, TODAY, IN_CONTACT)}


@given(births, BESIDE)
def test_what_is_shown_of_a_number_is_its_first_two_figures(birth, before):
    whole = identity(birth, 330282, 0)
    (finding,) = found_in(before + whole, TODAY, {Kind.IDENTITY})
    assert finding.shown == whole[:2] + "*" * 16


@given(births)
def test_a_birth_date_beside_a_name_is_found_in_every_writing(birth):
    for text in (
        f"张伟，男，{birth.year}年{birth.month}月{birth.day}日出生。",
        f"张伟（{birth.year}年{birth.month}月）",
        f"张伟（男，{birth:%Y.%m.%d}）",
        f"张伟 {birth:%Y%m%d}",
        f"出生日期：{birth:%Y-%m-%d}",
        f"出生年月:{birth:%Y%m%d}",
    ):
        assert Kind.BIRTH in kinds(text), text


@pytest.mark.parametrize(
    "text",
    [
        "公示期：2026年9月15日至2026年9月22日（5个工作日）。",
        "根据《技能竞赛管理办法》（2008年5月1日施行）和甬人社发〔2024〕12号文件",
        "市人力社保局职业能力建设科 0574-63912345，三北西大街600号",
        "统一社会信用代码91330282MA2821445X，事业单位12330282419612345A",
        "共18个赛项、4600人次，奖金总额10,000.00元",
        "2026-09-15 13:00-15:00，第3赛场12-15号工位",
        "张伟、欧阳修2026年10月1日前领取证书",
        "赛后公布成绩20260915版",
    ],
)
def test_dates_of_the_notice_office_numbers_and_documents_are_no_personal_data(text):
    assert found_in(text, TODAY) == []


def test_masked_numbers_are_refused_as_well():
    assert kinds("张伟 330282********0012") == [Kind.MASKED]
    assert kinds("张伟 138****1234") == [Kind.MASKED]


def test_an_old_number_of_fifteen_figures_is_found():
    assert kinds("身份证330222680517001") == [Kind.IDENTITY]
    assert kinds("账号330222689917001") == []


def test_each_finding_stands_at_its_field():
    texts = {
        "title": "张伟13800001111",
        "body": "330282199005170012",
        "contact": "13800001111 330282199005170012",
    }
    found = [(problem.field, problem.params["found"]) for problem in text_problems(texts, TODAY)]
    assert found == [
        ("title", "13*********"),
        ("body", "33****************"),
        ("contact", "33****************"),
    ]
    assert set(Kind) == EVERYTHING
