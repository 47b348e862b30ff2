"""Ready schemes of kinds seen in sport, on small contests that were computed by hand."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from rules.marking import Calculator
from rules.outcomes import outcome
from services.score_files import read_regulations
from services.score_marks import read_marks

SCHEMES = Path(__file__).parents[2] / "docs/schemes"


@pytest.fixture
def compute(tmp_path):
    def compute(scheme, text):
        file = tmp_path / "marks.csv"
        file.write_text(text.strip(), encoding="utf-8")
        rules = read_regulations(SCHEMES / f"{scheme}.yaml")  # a whole path stays what it is
        table = read_marks(file, rules.scheme)
        found = outcome(rules.scheme, rules.plan, table.starters)
        return found, {name: number for number, name in table.entries.items()}

    return compute


def totals(found, numbers):
    names = {number: name for name, number in numbers.items()}
    return {names[place.entry_id]: found.scores[place.entry_id].total for place in found.places}


def test_gymnastics_middle_deductions_from_ten_cut_off_after_three_places(compute):
    text = """
entry,node,-,E1,E2,E3,E4,E5,E6
A,d_score,6.3,,,,,,
A,e_ded,,1.4,1.5,1.3,1.6,1.2,1.5
A,penalty,1,,,,,,
B,D,5.9,,,,,,
B,E,,1.5,1.4,1.3,1.6,1.2,
"""
    found, numbers = compute("gymnastics", text)
    # 10 - (1.3 + 1.4 + 1.5 + 1.5) / 4 = 8.575; five judges: 10 - 4.2 / 3 = 8.6
    assert totals(found, numbers) == {"A": D("14.775"), "B": D("14.500")}
    found, numbers = compute("gymnastics", text.replace("1.5,1.4,1.3,1.6,1.2,", "1,1,1.1,1,2,"))
    # 10 - 3.1 / 3 = 8.9666…, not rounded up
    assert totals(found, numbers)["B"] == D("14.866")


def test_ski_jumping_distance_style_wind_and_a_second_round(compute):
    jumps = [
        ("r1", "X", "131.5", "18,18.5,18.5,19,17.5", "-4.6", "0"),
        ("r1", "Y", "60", "8,8,8,8,8", "0", "0"),
        ("r1", "Z", "120", "17,17,17,17,17", "5", "-2"),
        ("r2", "X", "120", "18,18,18,18,18", "0", "0"),
        ("r2", "Y", "120", "18,18,18,18,18", "0", "0"),
        ("r2", "Z", "130", "18,18,18,18,18", "0", "0"),
    ]
    rows = ["stage,entry,node,-,A,B,C,D,E"]
    for stage, entry, metres, style, wind, gate in jumps:
        rows += [f"{stage},{entry},metres,{metres},,,,,", f"{stage},{entry},style,,{style}"]
        rows += [f"{stage},{entry},{k},{v},,,,," for k, v in (("wind", wind), ("gate", gate))]
    found, numbers = compute("ski-jumping", "\n".join(rows))
    # X: 60 + 1.8 × 11.5 + 55 - 4.6 = 131.1; Y: 60 - 108 + 24 is below 0; Z: 60 + 51 + 3 = 114
    stages = {name: dict(found.scores[number].stages) for name, number in numbers.items()}
    assert stages == {
        "X": {"r1": D("131.1"), "r2": D("245.1")},
        "Y": {"r1": D("0.0"), "r2": D("114.0")},
        "Z": {"r1": D("114.0"), "r2": D("246.0")},
    }
    assert [*totals(found, numbers)] == ["Z", "X", "Y"]


def test_synchronised_diving_has_three_panels_for_a_dive(compute):
    head = "entry,node,-," + ",".join(map(str, range(1, 12)))
    rows = [head]
    for n in range(1, 7):
        rows += [
            f"P,d{n}.dd,{'3.2' if n == 1 else '2.0'}" + "," * 11,
            f"P,d{n}.a,,7,7.5,8" + "," * 8,
            f"P,d{n}.b,,,,,6.5,7,7" + "," * 5,
            f"P,d{n}.s,,,,,,,,8,8,8.5,7.5,9",
        ]
    found, numbers = compute("diving-synchronised", "\n".join(rows))
    # 7.5 + 7 + (8 + 8 + 8.5) = 39, × 0.6 × 3.2 = 74.88; five times 39 × 0.6 × 2 = 46.8
    assert totals(found, numbers) == {"P": D("308.88")}


def test_surfing_keeps_two_waves_and_trims_only_five_judges(compute):
    text = """
entry,node,J1,J2,J3,J4,J5
A,w1,6.5,7,6.8,6.6,9
A,w2,5,5,5,5,5
A,w3,6.2,6,6.1,6,6
B,w4,6.8,6.8,6.8,,
B,w1,6,6,6,6,6
C,w1,6.4,6.4,6.4,6.4,6.4
C,w2,6.4,6.4,6.4,6.4,6.4
"""
    found, numbers = compute("surfing", text)
    # A: (6.6 + 6.8 + 7) / 3 = 6.80 and (6 + 6 + 6.1) / 3 = 6.03
    assert totals(found, numbers) == {"A": D("12.83"), "B": D("12.80"), "C": D("12.80")}
    assert [place.tie_break for place in found.places] == [None, "waves", "waves"]
    sheets = {e: s.marks["waves"] for e, s in found.starters.items()}
    calculator = Calculator(found.scheme)
    alerts = {e: [one.aspect for one in calculator.spreads("waves", s)] for e, s in sheets.items()}
    assert alerts == {numbers["A"]: ["w1"], numbers["B"]: [], numbers["C"]: []}


def test_skating_elements_from_grades_of_execution(compute):
    text = """
entry,node,-,1,2,3,4,5,6,7,8,9
S,e1,,2,3,1,2,2,3,2,1,2
S,e1.base,10.10,,,,,,,,,
S,e1.tenth,1.010,,,,,,,,,
S,e2,,-2,-3,-1,-2,-2,-3,-2,-1,-1
S,e2.base,3.30,,,,,,,,,
S,e2.tenth,0.330,,,,,,,,,
S,falls,1,,,,,,,,,
S,c1,,8,8.25,8.5,8,8.25,8.75,7.5,8,8.25
S,c2,,8,8,8,8,8,8,8,8,8
S,c3,,8,8,8,8,8,8,8,8,8
"""
    found, numbers = compute("skating-elements", text)
    score = found.scores[numbers["S"]]
    # 10.10 + 14/7 × 1.01 = 12.12; 3.30 - r2(13/7 × 0.33 = 0.6128…) = 2.69
    assert score.parts["tes"].score == D("14.81")
    # r2(57.25/7) = 8.18, r2(8.18 × 1.33) = 10.88; twice 8 × 1.33 = 10.64
    assert score.parts["pcs"].score == D("32.16")
    assert score.total == D("45.97")


def test_trampoline_sums_the_two_middle_deductions_of_each_skill(compute):
    rows = ["entry,node,-,1,2,3,4,5,6"]
    rows += [f"A,k{n},,0.1,0.3,0.2,0.5,0.2,0" for n in range(1, 11)]
    rows += ["A,D,12.4,,,,,,", "A,T,16.785,,,,,,", "A,h,0.6,,,,,,"]
    found, numbers = compute("trampoline", "\n".join(rows))
    # ten times 2 - 0.2 - 0.2 = 16.0; 10 - 0.6 = 9.4
    assert totals(found, numbers) == {"A": D("54.585")}


def test_olympiad_medals_for_half_of_the_field_with_everybody_at_a_cut(compute):
    problems = [(7, 7, 7, 7, 7, 7), (7, 7, 7, 7, 7, 6), (7, 7, 7, 7, 7, 6), (6, 6, 6, 6, 6, 6)]
    problems += [(5, 5, 5, 5, 5, n) for n in (5, 5, 4)] + [(1, 1, 1, 1, 1, 7)] + [(0,) * 6] * 4
    rows = ["entry,node,value"]
    for entry, marks in enumerate(problems):
        rows += [f"E{entry},p{n},{mark}" for n, mark in enumerate(marks, 1)]
    found, numbers = compute("olympiad-shares", "\n".join(rows))
    awards = {e: found.awards[n].tier.key for e, n in numbers.items() if n in found.awards}
    # Twelve: one gold, three with gold or silver, six with a medal.
    assert awards == {
        "E0": "gold", "E1": "silver", "E2": "silver", "E3": "bronze", "E4": "bronze",
        "E5": "bronze", "E7": "honourable_mention",
    }  # fmt: skip


def test_the_example_of_the_page_comes_out_as_the_page_says(tmp_path, compute):
    page = (SCHEMES.parent / "scheme.md").read_text(encoding="utf-8")
    scheme = page.split("```yaml\n")[1].split("```")[0]
    marks = page.split("```yaml\n")[1].split("```\n")[2]
    (tmp_path / "scheme.yaml").write_text(scheme, encoding="utf-8")
    found, numbers = compute(tmp_path / "scheme", marks)
    assert totals(found, numbers) == {"Lin": D("86.00")}
    assert found.scores[numbers["Lin"]].parts["practical"].score == D("85.00")


MISTAKES = """entry,node,-,1,2,3
A,start,9.5,,,
A,errors,,3,4,2
A,late,65,,,
A,fall,1,,,
A,speed,62.3,,,
A,style,two,,,
"""
RECIPES = """scheme:
  title: Recipes
  combine: sum
  parts:
    - key: all
      title: All
      sections:
        - key: from10
          title: Ten less the deductions
          panel: {judges: 3, minimum: 3}
          aspects:
            - {key: errors, title: E, kind: deviation, maximum: 10, deduction: 1, reading_step: 0.1}
        - key: others
          title: Others
          aspects:
            - {key: start, title: S, maximum: 10}
            - key: late
              title: L
              kind: deviation
              maximum: 0
              minimum: -5
              target: 60
              side: above
              counted: started
              deduction: 1
            - key: speed
              title: T
              kind: deviation
              maximum: 10
              target: 60
              side: above
              counted: started
              deduction: 1
            - {key: fall, title: F, kind: measurement, maximum: 0, minimum: -2}
            - key: style
              title: Y
              kind: choice
              minimum: -1
              maximum: 1
              options: [{label: one, award: 1}, {label: two, award: -1}]
"""


def test_what_the_page_tells_to_write_for_lost_marks_does_so(tmp_path, compute):
    (tmp_path / "s.yaml").write_text(RECIPES, encoding="utf-8")
    found, numbers = compute(tmp_path / "s", MISTAKES)
    # 10 - 3, 9.5, five seconds late, 10 - 3, met: no fall, -1
    assert totals(found, numbers) == {"A": D("17.50")}


def test_awards_that_need_passed_parts_pass_over_whoever_failed_one(tmp_path, compute):
    text = (SCHEMES / "skills-star.yaml").read_text(encoding="utf-8")
    needed = text.replace("  awards:\n", "  awards:\n    needs: [theory, practical]\n")
    (tmp_path / "s.yaml").write_text(needed, encoding="utf-8")
    marks = ["entry,node,-,A,B,C,D,E"]
    for entry, theory, practical in (("X", 50, 99), ("Y", 80, 80), ("Z", 90, 59)):
        marks += [f"{entry},theory,{theory},,,,,", f"{entry},practical,," + f"{practical}," * 4]
        marks[-1] += f"{practical}"
    found, numbers = compute(tmp_path / "s", "\n".join(marks))
    assert [*totals(found, numbers)] == ["X", "Y", "Z"]
    assert {e: found.awards[n].tier.key for e, n in numbers.items() if n in found.awards} == {
        "Y": "first"
    }
