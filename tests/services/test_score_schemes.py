"""The ready schemes on small contests that were computed by hand."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from rules.decisions import Decision, Undecided
from rules.explanations import explain
from rules.marking import IncompleteMarks
from rules.outcomes import Contestant, outcome
from services.score_files import read_regulations
from services.score_marks import read_marks
from services.score_people import read_contestants

SCHEMES = Path(__file__).parents[2] / "docs/schemes"
NAMES = sorted(path.name for path in SCHEMES.glob("*.yaml"))


@pytest.fixture
def compute(tmp_path):
    def compute(scheme, text, decisions=(), people=None):
        file = tmp_path / "marks.csv"
        file.write_text(text.strip(), encoding="utf-8")
        regulations = read_regulations(SCHEMES / f"{scheme}.yaml")
        table = read_marks(file, regulations.scheme)
        numbers = {name: number for number, name in table.entries.items()}
        found = outcome(
            regulations.scheme, regulations.plan, table.starters, decisions, people or {}
        )
        return found, numbers

    return compute


def results(found, numbers):
    names = {number: name for name, number in numbers.items()}
    return [(names[p.entry_id], p.rank, found.scores[p.entry_id].total) for p in found.places]


@pytest.mark.parametrize("name", NAMES)
def test_every_ready_scheme_holds_together(name):
    assert read_regulations(SCHEMES / name).scheme.parts


def test_five_judges_t3(compute):
    found, numbers = compute("five-judges", "entry,node,A,B,C,D,E\nX,mark,90,90,85,80,70")
    assert results(found, numbers) == [("X", 1, Decimal("85.00"))]


def test_two_judges_t4_a_difference_of_ten_blocks_the_result(compute):
    with pytest.raises(IncompleteMarks) as blocked:
        compute("two-judges", "entry,node,A,B\nX,mark,82,72")
    (problem,) = blocked.value.problems
    assert "too far apart" in str(problem)
    found, numbers = compute("two-judges", "entry,node,A,B\nX,mark,82,72.5")
    assert results(found, numbers) == [("X", 1, Decimal("77.25"))]


def dives(entry, *marks, stage="prelim", dd="3.0"):
    lines = [f"{stage},{entry},d{n}.dd,{dd}" + "," * 7 for n in range(1, 7)]
    given = ",".join(marks)
    return [*lines, *(f"{stage},{entry},d{n}.mark,,{given}" for n in range(1, 7))]


def test_diving_middle_three_of_seven_times_difficulty_and_penalties_before_the_trim(compute):
    head = "stage,entry,node,-,1,2,3,4,5,6,7"
    rows = dives("A", "7", "7.5", "8", "8", "8.5", "6", "9")
    found, numbers = compute("diving", "\n".join([head, *rows]))
    # middle three: 7.5 + 8 + 8 = 23.5, times 3.0, six dives
    assert found.scores[numbers["A"]].total == Decimal("423.00")
    restarted = [*rows, "prelim,A,d1.restart,1" + "," * 7]
    found, numbers = compute("diving", "\n".join([head, *restarted]))
    assert found.scores[numbers["A"]].total == Decimal("405.00")
    capped = [*rows, "prelim,A,d1.max4.5,1" + "," * 7]
    found, numbers = compute("diving", "\n".join([head, *capped]))
    assert found.scores[numbers["A"]].total == Decimal("393.00")
    failed = [*rows, "prelim,A,d1.failed,1" + "," * 7]
    found, numbers = compute("diving", "\n".join([head, *failed]))
    assert found.scores[numbers["A"]].total == Decimal("352.50")


def test_diving_in_2000_five_marks_times_six_tenths(compute):
    head = "entry,node,-,1,2,3,4,5,6,7"
    rows = [line.split(",", 1)[1] for line in dives("A", "7", "7.5", "8", "8", "8.5", "6", "9")]
    found, numbers = compute("diving-2000", "\n".join([head, *rows]))
    # 7 + 7.5 + 8 + 8 + 8.5 = 39, times 0.6, times 3.0, six dives
    assert found.scores[numbers["A"]].total == Decimal("421.20")


def test_diving_rounds_carry_over_one_stage_and_a_tie_at_the_line_goes_through(compute):
    head = "stage,entry,node,-,1,2,3,4,5,6,7"
    rows = []
    for n in range(20):  # 17 better ones, then three with the 18th mark
        mark = str(Decimal(10) - Decimal(min(n, 17)) / 2)
        rows += dives(f"E{n}", *[mark] * 7, dd="2.0")
    found, _ = compute("diving", "\n".join([head, *rows]))
    assert [place.rank for place in found.places][-4:] == [17, 18, 18, 18]
    semi = [row for n in range(20) for row in dives(f"E{n}", *["5"] * 7, stage="semi", dd="2.0")]
    final = [row for n in range(12) for row in dives(f"E{n}", *["6"] * 7, stage="final", dd="2.0")]
    with pytest.raises(IncompleteMarks) as blocked:
        compute("diving", "\n".join([head, *rows, *semi[:-12]]))
    assert len(blocked.value.by_entry) == 1  # three tied at place 18: all twenty go on
    found, numbers = compute("diving", "\n".join([head, *rows, *semi, *final]))
    first, thirteenth = found.scores[numbers["E0"]], found.scores[numbers["E12"]]
    assert first.stages == {"prelim": 360, "semi": 360 + 180, "final": 180 + 216}
    assert (thirteenth.reached, thirteenth.total) == (2, 144 + 180)
    assert [p.rank for p in found.places][:13] == [1] * 12 + [13]


def test_halfpipe_a_run_without_marks_is_skipped_and_the_next_best_run_parts_a_tie(compute):
    text = """
entry,node,1,2,3,4,5,6
A,run1.mark,80,81,82,83,84,99
A,run2.mark,10,10,10,10,10,10
B,run2.mark,80,81,82,83,84,99
"""
    found, numbers = compute("halfpipe", text)
    assert results(found, numbers) == [("A", 1, Decimal("82.50")), ("B", 2, Decimal("82.50"))]
    assert found.places[0].tie_break == "runs"


def test_rank_panels_points_go_by_mean_rank_and_equal_means_need_a_decision(compute):
    text = """
entry,node,1,2,3,4,5
A,jury1.rank,1,1,2,2,1
B,jury1.rank,2,3,1,1,3
C,jury1.rank,3,2,3,3,2
C,jury2.rank,1,1,1,1,1
"""
    found, numbers = compute("rank-panels", text)
    assert results(found, numbers) == [("C", 1, 20), ("A", 2, 12), ("B", 3, 10)]
    tied = text.replace("A,jury1.rank,1,1,2,2,1", "A,jury1.rank,2,3,1,1,3")
    with pytest.raises(Undecided) as undecided:
        compute("rank-panels", tied)
    assert (undecided.value.kind, undecided.value.about) == ("points", "jury1")
    order = (numbers["B"], numbers["A"])
    decision = Decision(
        kind="points", about="jury1", order=order, reason="televote", decided_by="Chair"
    )
    found, numbers = compute("rank-panels", tied, [decision])
    assert results(found, numbers) == [("C", 1, 20), ("B", 2, 12), ("A", 3, 10)]


def test_worldskills_measurement_deviation_choice_ladder_medals_and_scale(compute):
    def rows(name, met, flatness, surface, ladder):
        marks = "\n".join(f"{name},B1,{judge},{s}" for judge, s in zip("abc", ladder, strict=True))
        return f"{name},A1,,{met}\n{name},A2,,{flatness}\n{name},A3,,{surface}\n{marks}\n"

    text = "entry,node,judge,value\n" + "".join(
        [
            rows("P", 1, "0.02", "full", (3, 3, 2)),  # 20 + 20 + 20 + 40 × 8/9
            rows("Q", 1, "-0.04", "partly", (2, 2, 2)),  # 20 + 10 + 15 + 40 × 6/9
            rows("R", 0, "0.05", "none", (1, 1, 0)),  # 0 + 5 + 0 + 40 × 2/9
            rows("S", 1, "0.03", "none", (1, 1, 1)),  # 20 + 15 + 0 + 40 × 3/9
        ]
    )
    found, numbers = compute("worldskills", text)
    totals = [(name, total) for name, _, total in results(found, numbers)]
    assert totals == [
        ("P", Decimal("95.56")),
        ("Q", Decimal("71.67")),
        ("S", Decimal("48.33")),
        ("R", Decimal("13.89")),
    ]
    # median 60, deviations 35.56 11.67 11.67 46.11: median 23.615
    assert [found.scale[numbers[name]] for name in "PQSR"] == [730, 710, 690, 660]
    # four competed: gold only, the next one gets the medallion
    assert {n: found.awards[numbers[n]].tier.key for n in "PQ"} == {"P": "gold", "Q": "medallion"}
    spread = text.replace("P,B1,c,2", "P,B1,c,1")
    with pytest.raises(IncompleteMarks):
        compute("worldskills", spread)


def test_delegations_get_points_for_medals(compute, tmp_path):
    text = "entry,node,judge,value\n" + "".join(
        f"{n},A1,,1\n{n},A2,,0\n{n},A3,,{s}\n{n},B1,a,1\n{n},B1,b,1\n{n},B1,c,1\n"
        for n, s in (("P", "full"), ("Q", "partly"), ("R", "none"), ("S", "none"))
    )
    people = {1: Contestant(delegation="Cixi"), 2: Contestant(delegation="Nantong")}
    found, _ = compute("worldskills", text, people=people)
    assert [(row.name, row.points) for row in found.delegations] == [("Cixi", 4), ("Nantong", 1)]


def test_time_bands_breaches_up_to_the_allotment_and_the_end_of_the_contest(compute):
    text = """
entry,node,value,status
A,quality,60,
A,speed,900,
A,time,900,
B,quality,60,
B,speed,900.01,
B,time,900.01,
B,breach,3,
C,quality,80,
C,speed,931,
C,time,931,
C,damage,2,
D,,,absent
"""
    found, numbers = compute("time-bands", text)
    assert results_of(found, numbers, "AB") == [(1, 80), (2, 74)]
    assert found.scores[numbers["C"]].disqualified == "damage"
    ranks = {p.entry_id: p.rank for p in found.places}
    assert (ranks[numbers["C"]], ranks[numbers["D"]]) == (None, 3)
    kinds = [step.kind for step in explain(found, numbers["C"]).steps]
    assert kinds[-3:] == ["disqualified", "total", "no_place"]


def results_of(found, numbers, names):
    ranks = {p.entry_id: p.rank for p in found.places}
    return [(ranks[numbers[n]], found.scores[numbers[n]].total) for n in names]


def test_equal_totals_go_to_the_shorter_time_then_to_the_piece(compute):
    text = """
entry,node,value
A,quality,60
A,speed,800
A,time,800
B,quality,60
B,speed,700
B,time,700
"""
    found, numbers = compute("time-bands", text)
    assert results_of(found, numbers, "AB") == [(2, 80), (1, 80)]
    assert found.places[0].tie_break == "time"


def test_a_time_that_parts_ties_must_be_there(compute):
    with pytest.raises(IncompleteMarks) as blocked:
        compute("time-bands", "entry,node,value\nA,quality,60\nA,speed,800")
    assert "time" in str(blocked.value.problems[0])


def test_pairs_share_one_mark_and_ties_need_a_decision(compute):
    text = """
entry,node,1,2
A,mark1,80,82
A,mark2,70,70
B,mark1,81,81
B,mark2,70,70
"""
    with pytest.raises(Undecided):
        compute("pairs", text)
    different = text.replace("B,mark1,81,81", "B,mark1,85,85").replace("B,mark2,70", "B,mark2,62")
    found, numbers = compute("pairs", different)
    assert results(found, numbers) == [("B", 1, Decimal("75.50")), ("A", 2, Decimal("75.50"))]
    assert found.places[0].tie_break == "module1"


def test_triples_are_the_sum_of_their_members(compute, tmp_path):
    rows = [f"{n},mark1,{40 + i},{40 + i}\n{n},mark2,50,50" for i, n in enumerate("ABCDEF")]
    entries = tmp_path / "entries.csv"
    teams = "\n".join(f"{n},,{'one' if n in 'ABF' else 'two'}," for n in "ABCDEF")
    entries.write_text(f"entry,name,team,delegation\n{teams}")
    text = "entry,node,1,2\n" + "\n".join(rows)
    file = tmp_path / "all.csv"
    file.write_text(text)
    regulations = read_regulations(SCHEMES / "pairs.yaml")
    table = read_marks(file, regulations.scheme)
    people = read_contestants(entries, table)
    found = outcome(regulations.scheme, regulations.plan, table.starters, (), people)
    # A 45, B 45.5, F 47.5 against C 46, D 46.5, E 47
    assert [(t.team, t.total, t.rank) for t in found.teams] == [
        ("two", Decimal("139.50"), 1),
        ("one", Decimal("138.00"), 2),
    ]


def test_the_theory_heat_lets_the_line_through_and_carries_a_fifth_over(compute):
    heat = [f"heat,E{n},theory,,{max(100 - n, 77)}" for n in range(26)]
    final = [f"final,E{n},practical,{j},{60 + n}" for n in range(26) for j in "abcde"]
    text = "\n".join(["stage,entry,node,judge,value", *heat, *final])
    # places 24, 25 and 26 are equal with 77: all go on
    found, numbers = compute("theory-heat", text)
    best = found.scores[numbers["E25"]]
    assert best.total == Decimal("83.40")  # 0.8 × 85 + 0.2 × 77
    assert found.places[0].entry_id == numbers["E25"]
    worse = text.replace("heat,E25,theory,,77", "heat,E25,theory,,76")
    with pytest.raises(IncompleteMarks) as blocked:
        compute("theory-heat", worse)
    assert "did not reach it" in str(blocked.value.problems[0])


def test_the_chain_of_an_entry_names_every_step(compute):
    text = """
entry,node,-,A,B,C,D,E
X,theory,90,,,,,
X,practical,,90,90,85,80,70
Y,theory,90,,,,,
Y,practical,,60,60,60,60,60
"""
    found, numbers = compute("skills-star", text)
    steps = explain(found, numbers["X"]).steps
    dropped = [(s.node, s.value) for s in steps if s.kind == "dropped"]
    assert dropped == [("practical", 90), ("practical", 70)]
    said = {(s.kind, s.node): s.value for s in steps}
    assert said["combined", "practical"] == Fraction(85)
    assert said["part", "theory"] == Decimal("90.00")
    assert said["total", ""] == Decimal("86.00")
    assert said["place", ""] == 1
    assert said["amount", "first"] == 10000
