"""Files that cannot be used say where and why, everything at once."""

from pathlib import Path

import pytest

from rules.regulations import written_out
from services import score_marks
from services.positions import Unreadable, read_json, read_yaml
from services.score_decisions import read_decisions
from services.score_files import BadFile, read_regulations
from services.score_marks import read_marks
from services.score_people import read_contestants

SCHEMES = Path(__file__).parents[2] / "docs/schemes"

SCHEME = """{
 "title": "Fitter",
 "parts": [
  {"key": "theory", "title": "Theory", "weight": 20, "sections": [
    {"key": "paper", "title": "Paper", "aspects": [
      {"key": "t", "title": "Paper", "maximum": 100}]}]},
  {"key": "practical", "title": "Practical", "weight": 80, "sections": [
    {"key": "task", "title": "Task", "aspects": [
      {"key": "p", "title": "Task", "maximum": 100}]}]}
 ]
}"""


@pytest.fixture
def problems(tmp_path):
    def problems(text, name="scheme.json"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadFile) as bad:
            read_regulations(file)
        return [str(problem).split(f"{name}:")[1] for problem in bad.value.problems]

    return problems


def test_a_good_scheme_is_read_alike_from_json_and_yaml(tmp_path):
    json_file, yaml_file = tmp_path / "s.json", tmp_path / "s.yaml"
    json_file.write_text(SCHEME, encoding="utf-8")
    yaml_file.write_text(SCHEME, encoding="utf-8")
    assert read_regulations(json_file) == read_regulations(yaml_file)


def test_everything_wrong_in_a_scheme_is_said_at_once_with_its_place(problems):
    text = (
        SCHEME.replace('"weight": 20', '"weight": 25')
        .replace('"key": "p", "title": "Task"', '"key": "p", "title": "Task", "colour": "red"')
        .replace('"maximum": 100}]}]},', '"maximum": 0}]}]},')
    )
    assert problems(text) == [
        "3:11: parts: The weights of the parts add up to 105, not to 100.",
        "6:15: t: The highest mark of Paper must be above 0.",
        "9:47: p: colour is not known here.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"weight": 80', '"weight": 70', "add up to 90"),
        ('"weight": 80', '"weight": NaN', "a value is missing here"),
        ('"weight": 80', '"weight": "NaN"', "must be a number"),
        ('"weight": 80', '"weight": ' + "8" * 10**6, "This number is too long"),
        ('"weight": 80', '"weight": "' + "8" * 10**6 + '"', "digits"),
        ('"weight": 80', '"weight": 80, "weight": 80', "weight stands twice"),
        (
            '"weight": 80',
            '"weight": 80, "panel": {"judges": 2, "minimum": 2, "drop_low": 2}',
            "none may be left",
        ),
        (
            '"maximum": 100}]}]}\n',
            '"maximum": 9, "kind": "bands", "bands": [{"up_to": 9, "award": 9}, '
            '{"above": 8, "award": 0}]}]}]}\n',
            "overlap at 9",
        ),
        (
            '"maximum": 100}]}]}\n',
            '"maximum": 9, "kind": "bands", "bands": [{"up_to": 9, "award": 9}, '
            '{"above": 10, "award": 0}]}]}]}\n',
            "a gap at 9",
        ),
        ('"maximum": 100}]}]}\n', '"maximum": 9, "kind": "judgement"}]}]}\n', "four descriptions"),
        ('"title": "Fitter",', '"title": "Fitter"', "is missing here"),
        ('"title": "Fitter",', '"title": "Fit', "does not end properly"),
        ("\n}", "\n} x", "Something follows"),
        ('"title": "Fitter",', '"title": "Fitter", "stages": [{"key": "a", "title": "A", '
         '"carry": [{"stage": "a"}]}],', "carry over from an earlier stage"),
    ],
)  # fmt: skip
def test_a_rule_that_is_broken_is_named(problems, old, new, said):
    assert old in SCHEME
    found = problems(SCHEME.replace(old, new))
    assert any(said in problem for problem in found), found


def test_a_plan_that_names_what_is_not_there_is_refused(problems):
    plan = '{"plan": {"tie_breaks": [{"kind": "part", "key": "module9"}]}, "scheme": '
    (problem,) = problems(plan + SCHEME + "}")
    assert "module9, which is not in the scheme" in problem
    (problem,) = problems('{"plans": {}, "scheme": ' + SCHEME + "}")
    assert "plans is not known here" in problem


@pytest.mark.parametrize("text", ["[1, 2]", '"scheme"', "{}"])
def test_a_file_without_a_scheme_says_so(problems, text):
    assert problems(text)


def test_a_missing_file_and_one_that_is_no_text_are_said_plainly(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        read_regulations(tmp_path / "nowhere.json")
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00\x81\x81\xff")
    with pytest.raises(BadFile):
        read_regulations(binary)


def test_yaml_that_contains_itself_or_is_nested_too_deeply_is_refused():
    with pytest.raises(Unreadable, match="contains itself"):
        read_yaml("parts: &a [*a]")
    with pytest.raises(Unreadable, match="nested too deeply"):
        read_yaml("[" * 500 + "]" * 500)
    with pytest.raises(Unreadable, match="nested too deeply"):
        read_json("[" * 100_000)
    with pytest.raises(Unreadable, match="not YAML"):
        read_yaml("a: [1")
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{n}: &{n} [{','.join([f'*{p}'] * 10)}]\n" for p, n in zip("abcdef", "bcdefg", strict=True)
    )
    with pytest.raises(Unreadable, match="too many values"):
        read_yaml(bomb)


def test_yaml_scalars_stay_what_is_written():
    data = read_yaml('{a: 0.10, b: yes, c: true, d: ~, e: "null", f: 2026-01-01, on: 1e3}').data
    assert data == {
        "a": "0.10", "b": "yes", "c": True, "d": None, "e": "null", "f": "2026-01-01", "on": "1e3",
    }  # fmt: skip


def test_json_places_count_lines_and_columns_from_one():
    found = read_json('{"a": [1,\n  {"b": "\\u4e2d"}]}')
    assert found.data == {"a": ["1", {"b": "中"}]}
    assert found.place(("a", 1, "b")) == (2, 9)
    assert found.place(("a", 1, "nowhere")) == (2, 3)


def test_short_forms_are_written_out():
    data = {
        "stages": [{"key": "one"}, {"key": "two", "copy_of": "one"}],
        "parts": [{"key": "p{n}", "repeat": "2", "stage": "one", "sections": [{"key": "s{n}"}]}],
    }
    out = written_out(data)
    assert [part["key"] for part in out["parts"]] == ["p1", "p2", "two.p1", "two.p2"]
    assert out["parts"][3]["sections"] == [{"key": "two.s2"}]
    assert [part["stage"] for part in out["parts"]] == ["one", "one", "two", "two"]
    assert out["stages"][1] == {"key": "two"}


@pytest.mark.parametrize("count", ["0", "many", "9999"])
def test_a_senseless_repeat_stays_and_is_refused_later(count):
    assert written_out([{"key": "a", "repeat": count}]) == [{"key": "a", "repeat": count}]


def test_problems_of_what_was_repeated_point_to_where_it_stands(problems):
    text = SCHEME.replace('"key": "p", "title": "Task"', '"key": "p{n}", "title": "", "repeat": 2')
    (first, second) = problems(text.replace('"maximum": 100}]}]}\n', '"maximum": 0}]}]}\n'))
    assert first.startswith("9:15: p1:")
    assert second.startswith("9:15: p2:")


HEAD = "stage,entry,node,judge,value,status\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (",A,mark,J1,80.25,", "2:5: mark: Enter a mark in steps of 0.5."),
        (",A,mark,J1,101,", "2:5: mark: Enter a mark from 0 to 100."),
        (",A,mark,J1,NaN,", "2:5: mark: NaN is not a number that a mark can be."),
        (",A,mark,J1,=1+1,", "2:5: mark: =1+1 is not a number that a mark can be."),
        (",A,mark,J1," + "9" * 10**6 + ",", "is not a number that a mark can be"),
        (",A,mark,J1,80,\n,A,mark,J1,81,", "3:5: mark: This mark stands in line 2 already."),
        (",A,nothing,J1,80,", "2:5: nothing: nothing is not in the marking scheme."),
        ("final,A,mark,J1,80,", "2:5: mark: There is no stage final."),
        (",,mark,J1,80,", "2:1: mark: The row names no entry."),
        (",A,,,,ill", "2:5: ill is no status"),
        (",A,,,,absent\n,A,,,,withdrawn", "3:5: The entry has another status in line 2."),
        (",A,mark,J1,80,,,,", "2:7: The row has 9 cells; the header has 6."),
        (',A,mark,J1,"80', "This is not CSV"),
    ],
)
def test_every_bad_row_says_line_column_and_node(tmp_path, rows, said):
    file = tmp_path / "marks.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    scheme = read_regulations(SCHEMES / "five-judges.yaml").scheme
    with pytest.raises(BadFile) as bad:
        read_marks(file, scheme)
    assert said in str(bad.value.problems[0])


def test_all_bad_rows_are_said_at_once(tmp_path):
    file = tmp_path / "marks.csv"
    file.write_text(HEAD + ",A,mark,J1,80.25,\n,A,mark,J2,500,\n,A,x,J1,1,\n", encoding="utf-8")
    scheme = read_regulations(SCHEMES / "five-judges.yaml").scheme
    with pytest.raises(BadFile) as bad:
        read_marks(file, scheme)
    assert [problem.line for problem in bad.value.problems] == [2, 3, 4]


@pytest.mark.parametrize("head", ["a,b", "entry,node,node", "entry,value", ""])
def test_a_header_that_cannot_be_used_is_refused(tmp_path, head):
    file = tmp_path / "marks.csv"
    file.write_text(head, encoding="utf-8")
    with pytest.raises(BadFile):
        read_marks(file, read_regulations(SCHEMES / "five-judges.yaml").scheme)


def test_long_and_wide_form_say_the_same_and_a_chinese_encoding_is_read(tmp_path):
    scheme = read_regulations(SCHEMES / "skills-star.yaml").scheme
    wide, long = tmp_path / "wide.csv", tmp_path / "long.csv"
    wide.write_bytes(
        "entry,node,-,甲,乙\n一号,theory,80,,\n一号,task,,90,91\n二号,,,,\n".encode("gb18030")
    )
    rows = "一号,theory,,80,\n一号,task,甲,90,\n一号,task,乙,91,\n二号,,,,absent\n"
    long.write_text("entry,node,judge,value,status\n" + rows, encoding="utf-8-sig")
    one, two = read_marks(long, scheme), None
    with pytest.raises(BadFile, match="no status"):
        read_marks(wide, scheme)
    wide.write_bytes("entry,node,-,甲,乙\n一号,theory,80,,\n一号,task,,90,91\n".encode("gb18030"))
    two = read_marks(wide, scheme)
    assert one.starters[0].marks == two.starters[0].marks
    assert one.entries == {1: "一号", 2: "二号"}
    assert one.starters[1].statuses == {"": "absent"}


ONE_ASPECT = """title: T
combine: sum
parts:
- {key: p, title: P, sections: [{key: s, title: S, aspects: [{key: a, title: A, maximum: %s}]}]}
"""


@pytest.mark.parametrize(
    "number", ["1_00", "１００", "0x64", ".inf", "1e19", "1e-999", "-", "~", "[1]"]
)
def test_only_what_is_written_plainly_is_a_number(problems, number):
    text = ONE_ASPECT % number
    (problem,) = problems(text, "scheme.yaml")
    assert problem.startswith("4:90: a: maximum")


def test_a_value_that_is_none_hides_nothing_else_and_invents_nothing(problems):
    text = (
        SCHEME.replace('"maximum": 100}]}]},', '"maximum": "x", "step": 3, "kind": "bands"}]}]},')
        .replace('"weight": 20', '"weight": "heavy", "panel": {"judges": 1, "minimum": 3}')
        .replace('"maximum": 100}]}]}\n', '"maximum": 100, "step": 3}, {"maximum": 3}]}]}\n')
    )
    assert problems(text) == [
        "4:50: theory: weight must be a number, such as 60 or 0.5.",
        "6:49: t: maximum must be a number, such as 60 or 0.5.",
        "9:15: p: The highest mark of Task (100) is not a multiple of 3.",
        "9:65: task: key is missing.",
        "9:65: task: title is missing.",
    ]


def test_tags_of_yaml_are_refused(problems):
    tagged = "title: !shell reboot\nparts: !!python/object/apply:os.system [x]\n"
    assert [one.split(": ", 1)[1] for one in problems(tagged, "scheme.yaml")][:2] == [
        "The tag !shell cannot be used: values are texts, numbers, true and false.",
        "The tag tag:yaml.org,2002:python/object/apply:os.system cannot be used: "
        "values are texts, numbers, true and false.",
    ]


def test_what_a_few_lines_would_write_out_without_end_is_refused(problems):
    repeated = '{"key": "%s{n}", "title": "", "repeat": 200, '
    text = '{"title": "", "parts": [%s"sections": [%s"aspects": [%s"maximum": 1}]}]}]}'
    nested = text % tuple(repeated % name for name in "psa")
    assert problems(nested) == [
        "1:1: Written out, with all that is repeated, the file holds too many values."
    ]


@pytest.mark.parametrize("source", ["one", "nowhere", "two"])
def test_a_stage_is_a_copy_of_another_one_that_has_parts(problems, source):
    stages = (
        '"stages": [{"key": "one", "title": "A", "copy_of": "%s"}, {"key": "two", "title": "B"}]'
    )
    found = problems(SCHEME.replace('"title": "Fitter"', '"title": "", ' + stages % source))
    assert any("copy_of names another stage" in problem for problem in found)


def test_a_file_that_never_ends_is_not_read_to_the_end():
    with pytest.raises(BadFile, match="larger than 4 MB"):
        read_regulations(Path("/dev/zero"))


def test_what_cannot_be_seen_is_not_written_to_the_terminal(tmp_path):
    file = tmp_path / "marks.csv"
    file.write_text('entry,node,judge,value\n"A\nB",mark,J,\x1b[2J80\n', encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read_marks(file, read_regulations(SCHEMES / "five-judges.yaml").scheme)
    (problem,) = map(str, bad.value.problems)
    assert problem.isprintable()


def read_rows(tmp_path, text, scheme="five-judges"):
    file = tmp_path / "marks.csv"
    file.write_text(text, encoding="utf-8")
    return read_marks(file, read_regulations(SCHEMES / f"{scheme}.yaml").scheme)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("entry,node,value\n", "1:1: The file holds no marks."),
        ("entry;node;value\nA;mark;80\n", "1:1: The cells of a row must be separated by commas."),
        ("entry,node,value,colour\nA,mark,80,red\n", "1:4: colour is none of the columns"),
        ("entry,node,judge,X\nA,mark,J,80\n", "1:3: A column judge needs a column value"),
        ("entry,node,X,\nA,mark,80,9\n", "2:4: The column has no name."),
        ("entry,node,value\nA,mark,８０\n", "2:3: mark: ８０ is not a number"),
        ("entry,node,value,status\nA,mark,80,absent\n", "2:3: mark: A row with a mark has no"),
        ("entry,node,value,status\nA,,80,absent\n", "2:3: A row without node gives a status"),
        ('entry,node,value\nA,mark,"80\nB,mark,90\n', "2:1: This is not CSV"),
    ],
)
def test_a_table_that_says_something_else_is_refused(tmp_path, text, said):
    with pytest.raises(BadFile) as bad:
        read_rows(tmp_path, text)
    assert said in str(bad.value.problems[0])


@pytest.mark.parametrize("text", ["entry,node,value\nA,mark\n", "entry,node,J1,J2\nA,mark,,\n"])
def test_an_entry_without_any_mark_is_an_entry_all_the_same(tmp_path, text):
    assert [*read_rows(tmp_path, text).entries.values()] == ["A"]


def test_a_judge_may_be_marked_absent_and_a_blank_last_column_says_nothing(tmp_path):
    table = read_rows(
        tmp_path, "entry,node,judge,value,status,\nA,mark,J1,80,,\nA,mark,J2,,absent,\n"
    )
    ((sheet,),) = table.starters[0].marks.values()
    assert sheet.marks == {"mark": 80}


def test_the_list_of_problems_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(score_marks, "MOST_PROBLEMS", 3)
    with pytest.raises(BadFile) as bad:
        read_rows(tmp_path, "entry,node,value\n" + "A,mark,x\n" * 9)
    assert "There are more problems" in str(bad.value.problems[-1])
    assert len(bad.value.problems) == 4


def test_more_marks_than_any_event_has_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(score_marks, "MOST_MARKS", 3)
    with pytest.raises(BadFile, match="more than 3 marks"):
        read_rows(tmp_path, "entry,node,value\n" + "".join(f"{n},mark,80\n" for n in range(9)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nx\n", ["1:1: The column entry is missing."]),
        ("entry,nme\nA,x\n", ["1:2: nme is none of the columns: entry, name, team, delegation."]),
        (
            "entry,team\nA,x\nA,y\nB,z\nA,x,y\n",
            [
                "3:1: The entry A stands in line 2 already.",
                "4:1: The marks hold no entry B.",
                "5:3: The row has 3 cells; the header has 2.",
            ],
        ),
        ('entry,name\nA,"x\n', ["2:1: This is not CSV: unexpected end of data."]),
    ],
)
def test_every_problem_of_the_list_of_entries_is_said(tmp_path, text, said):
    table = read_rows(tmp_path, "entry,node,judge,value\nA,mark,J1,80\n")
    file = tmp_path / "entries.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read_contestants(file, table)
    assert [str(problem).split("entries.csv:")[1] for problem in bad.value.problems] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", ["1:1: Decisions are a list, each with kind, about, order, reason and decided_by."]),
        ("- {kind: place, order: [A, Q, A], reason: r, decided_by: x}",
         ["1:28: There is no entry Q.", "1:31: The entry A stands twice in the order."]),
        ("- {kind: award, about: gold, order: [A], reason: '', decided_by: x}",
         ["1:3: A decision needs a reason, and the name of who decided.",
          "1:24: gold is nothing that a decision of the kind award could be about."]),
        ("- {kind: place, kind: place, order: [A], reason: r, decided_by: x}",
         ["1:17: kind stands twice in the same place."]),
        ("- {kind: coin, order: A, reason: r}", [
            "1:3: This is no decision: decided_by: Field required.",
            "1:10: This is no decision: kind: "
                "Input should be 'place', 'advance', 'points', 'award' or 'grant'.",
            "1:23: This is no decision: order: Input should be a valid tuple.",
        ]),
    ],
)  # fmt: skip
def test_every_problem_of_the_decisions_is_said(tmp_path, text, said):
    table = read_rows(tmp_path, "entry,node,judge,value\nA,mark,J1,80\n")
    file = tmp_path / "decisions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read_decisions(file, table, read_regulations(SCHEMES / "five-judges.yaml"))
    assert [str(problem).split("decisions.yaml:")[1] for problem in bad.value.problems] == said
