"""Lists by the strokes of the family name (R3.05)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.family_names import split
from rules.strokes import kinds_of, name_order, read_strokes, unknown_characters

FILE = Path(__file__).parents[2] / "services" / "strokes.txt"
STROKES = read_strokes(FILE.read_text(encoding="utf-8").splitlines())
characters = st.sampled_from(sorted(STROKES))


def by_strokes(names: str) -> str:
    return " ".join(sorted(names.split(), key=lambda name: name_order(name, STROKES)))


@pytest.mark.parametrize(
    ("character", "kinds"),
    [
        ("丁", "12"), ("王", "1121"), ("刘", "413422"), ("陈", "5215234"), ("单", "43251112"),
        ("区", "1345"), ("马", "551"), ("沈", "4414535"), ("德", "332122522114544"),
        ("皙", "1234331232511"), ("嫄", "5311332511234"), ("欧", "13453534"), ("㛃", ""),
    ],
)  # fmt: skip
def test_strokes_are_those_of_the_standard(character, kinds):
    assert kinds_of(character, STROKES) == kinds


def test_fewer_strokes_stand_first():
    assert by_strokes("陈伟 王伟 丁伟 张伟 刘伟 马伟") == "丁伟 马伟 王伟 刘伟 张伟 陈伟"


def test_as_many_strokes_go_stroke_by_stroke_from_heng_to_zhe():
    """All of seven strokes: 杜 李 1234, 吴 25, 何 32, 汪 沈 44, 张 51, 陆 陈 52."""
    ordered = "杜明 李明 吴明 何明 汪明 沈明 张明 陆明 陈明"
    assert by_strokes("陈明 陆明 张明 沈明 汪明 何明 吴明 李明 杜明") == ordered


def test_a_main_form_stands_before_its_variant():
    assert by_strokes("丁伟 十伟") == "十伟 丁伟"
    assert by_strokes("乃伟 力伟 刀伟 了伟") == "了伟 刀伟 力伟 乃伟"


def test_one_family_stands_together_with_single_given_names_first():
    assert by_strokes("王一一 王丁 王一 王国栋 王丁一") == "王一 王丁 王一一 王丁一 王国栋"
    assert by_strokes("毛伟 王一一 毛一") == "王一一 毛一 毛伟"


def test_compound_family_names_go_by_their_first_character_then_by_the_second():
    assert (
        by_strokes("欧阳娜 欧伟 司徒明 司马光 叶伟 史明") == "叶伟 史明 司马光 司徒明 欧伟 欧阳娜"
    )
    assert split("欧阳") == ("欧", "阳") and split("欧阳娜") == ("欧阳", "娜")
    assert split("阿依古丽·买买提") == ("阿", "依古丽买买提")


def test_characters_without_strokes_come_last_by_their_number_and_are_named():
    ordered = "王明 王㛃 王䲜 王龘 㛃明 䶮明"
    assert by_strokes("䶮明 王明 㛃明 王㛃 王龘 王䲜") == ordered
    assert unknown_characters(["王㛃", "䶮㛃", "Ann Lee"], STROKES) == "㛃䶮AnLe"
    assert unknown_characters(["王明", "欧阳娜"], STROKES) == ""


def test_the_data_hold_the_usual_family_names_and_each_character_once():
    usual = (
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏"
        "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
        "单仇解区查覃翟缪芈逄仝昝乜励岑戚裘阮俞虞"
    )
    assert unknown_characters(usual, STROKES) == ""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    held = "".join(line.split()[1] for line in lines if not line.startswith("#"))
    assert len(held) == len(set(held)) == len(STROKES) == 6952


@given(st.lists(st.text(characters, min_size=2, max_size=4), max_size=12))
def test_the_order_is_total_and_family_counts_never_fall(names):
    ordered = sorted(names, key=lambda name: name_order(name, STROKES))
    assert sorted(reversed(names), key=lambda name: name_order(name, STROKES)) == ordered
    firsts = [len(STROKES[name[0]]) for name in ordered]
    assert firsts == sorted(firsts)


def slow_before(left: str, right: str) -> bool:
    """The same by comparing step by step, for names of one-character families."""
    if left[0] != right[0]:
        return _character_before(left[0], right[0])
    if len(left) != len(right):
        return len(left) < len(right)
    for one, other in zip(left[1:], right[1:], strict=True):
        if one != other:
            return _character_before(one, other)
    return False


def _character_before(one: str, other: str) -> bool:
    first, second = kinds_of(one, STROKES), kinds_of(other, STROKES)
    if len(first) != len(second):
        return len(first) < len(second)
    if first != second:
        return first < second
    return name_order(one, STROKES) < name_order(other, STROKES)


@given(st.text(characters, min_size=2, max_size=4), st.text(characters, min_size=2, max_size=4))
def test_the_key_agrees_with_a_comparison_step_by_step(left, right):
    if all(len(split(name)[0]) == 1 for name in (left, right)) and left != right:
        assert (name_order(left, STROKES) < name_order(right, STROKES)) == slow_before(left, right)
