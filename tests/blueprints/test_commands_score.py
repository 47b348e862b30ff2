"""The command score: files in, results out, status 2 on bad input, no database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from blueprints.commands_score import delegations, score

SCHEMES = Path(__file__).parents[2] / "docs/schemes"
MARKS = """entry,node,-,A,B,C,D,E
X,theory,90,,,,,
X,practical,,90,90,85,80,70
=Y,theory,70,,,,,
=Y,practical,,60,60,60,60,60
"""


@pytest.fixture
def run(tmp_path):
    def run(scheme, marks, *options):
        file = tmp_path / "marks.csv"
        file.write_text(marks, encoding="utf-8")
        arguments = [str(SCHEMES / f"{scheme}.yaml"), str(file), *options]
        return CliRunner().invoke(score, arguments, catch_exceptions=False)

    return run


def test_results_come_as_table_csv_and_json(run):
    table = run("skills-star", MARKS)
    assert table.exit_code == 0
    assert table.stdout.splitlines()[1].split()[:5] == ["1", "1", "X", "competed", "86.00"]
    lines = run("skills-star", MARKS, "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("rank,award_rank,entry,status,total")
    assert lines[2].startswith("2,2,'=Y,competed,62.00")
    data = json.loads(run("skills-star", MARKS, "--format", "json").stdout)
    assert [row["award"] for row in data["results"]] == ["first", "second"]


def test_the_reasons_of_one_entry_come_in_every_format(run):
    assert "dropped" in run("skills-star", MARKS, "--explain", "X").stdout
    steps = json.loads(run("skills-star", MARKS, "--explain", "X", "--format", "json").stdout)
    assert steps[-1] == {
        "step": "amount", "node": "first", "title": "", "judge": "", "given": "",
        "value": "10000", "note": "gross",
    }  # fmt: skip
    assert run("skills-star", MARKS, "--explain", "X", "--format", "csv").exit_code == 0
    unknown = run("skills-star", MARKS, "--explain", "Z")
    assert (unknown.exit_code, "no entry Z" in unknown.stderr) == (2, True)


def test_a_budget_is_kept_or_refused(run, tmp_path):
    text = (SCHEMES / "skills-star.yaml").read_text(encoding="utf-8")
    found = []
    for policy in ("reduce", "refuse"):
        limits = f"  awards:\n    budget: 7500\n    over_budget: {policy}\n"
        file = tmp_path / f"{policy}.yaml"
        file.write_text(text.replace("  awards:\n", limits), encoding="utf-8")
        found.append(run(file.with_suffix(""), MARKS, "--format", "csv"))
    reduced, refused = found
    amounts = [line.rpartition(",")[2] for line in reduced.stdout.splitlines()[1:]]
    assert amounts == ["5000", "2500"]  # half of 10,000 and of 5,000 yuan
    assert refused.exit_code == 2
    assert "cost 15000, but the budget is 7500" in refused.stderr


def test_bad_marks_end_with_status_2_and_say_where(run):
    bad = run("skills-star", MARKS.replace("85,80", "85.2,80"))
    assert bad.exit_code == 2
    assert "marks.csv:3:6: practical: Enter a mark in steps of 0.5." in bad.stderr


def test_missing_judges_end_with_status_2_and_name_the_entry(run):
    bad = run("skills-star", MARKS.replace("X,practical,,90,90", "X,practical,,90,"))
    assert bad.exit_code == 2
    assert "marks.csv:2:1: X: practical:" in bad.stderr
    assert "4 judges; 5 are needed" in bad.stderr


def test_a_tie_that_needs_a_decision_takes_it_from_a_file(run, tmp_path):
    marks = "entry,node,1,2\n" + "".join(f"{n},mark{m},70,70\n" for n in "AB" for m in (1, 2))
    assert "A, B" in run("pairs", marks).stderr
    decision = {"kind": "place", "order": ["B", "A"], "reason": "draw", "decided_by": "Li"}
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps([decision]), encoding="utf-8")
    found = run("pairs", marks, "--decisions", str(file), "--format", "csv")
    assert [line.split(",")[2] for line in found.stdout.splitlines()[1:]] == ["B", "A"]
    file.write_text(json.dumps([{**decision, "order": ["B", "Q"]}]), encoding="utf-8")
    assert run("pairs", marks, "--decisions", str(file)).exit_code == 2
    file.write_text("[{}", encoding="utf-8")
    assert run("pairs", marks, "--decisions", str(file)).exit_code == 2


def test_teams_come_out_with_a_file_of_entries(run, tmp_path):
    marks = "entry,node,1,2\n" + "".join(
        f"{n},mark{m},{60 + ord(n)},70\n".replace(f"{60 + ord(n)}", str(ord(n)))
        for n in "ABC"
        for m in (1, 2)
    )
    entries = tmp_path / "entries.csv"
    entries.write_text("entry,name,team\nA,,one\nB,,one\nC,,one\n", encoding="utf-8")
    found = run("pairs", marks, "--entries", str(entries), "--format", "json")
    assert json.loads(found.stdout)["teams"][0]["rank"] == 1


TEAMS = """entry,node,judge,value,status
A,piece,J1,90,
B,piece,J1,80,
C,piece,J1,70,
D,,,,absent
"""
TEAM_SCHEME = """scheme:
  title: Teams
  combine: sum
  parts:
    - key: work
      title: Work
      sections: [{key: piece, title: Piece, aspects: [{key: mark, title: Mark, maximum: 100}]}]
plan:
  scale: "700"
  awards: {tiers: [{key: gold, name: Gold, places: 1}]}
  teams: {members: 2, by_time: false}
  delegations: {points: [5, 3], tier_points: {gold: 4}}
"""
PEOPLE = "entry,name,team,delegation\nA,Ann,Red,East\nB,,Blue,West\nC,,Red,East\nD,,Blue,West\n"


@pytest.fixture
def teams(tmp_path):
    def teams(*options):
        files = {"s.yaml": TEAM_SCHEME, "m.csv": TEAMS, "e.csv": PEOPLE}
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        places = [str(tmp_path / name) for name in ("s.yaml", "m.csv")]
        arguments = [*places, "--entries", str(tmp_path / "e.csv"), *options]
        return CliRunner().invoke(score, arguments, catch_exceptions=False).stdout

    return teams


def test_teams_and_delegations_come_in_every_format(teams):
    results, team, delegation = teams().split("\n\n")
    assert results.splitlines()[1].split()[:3] == ["1", "1", "A"]
    assert [line.split()[:2] for line in team.splitlines()] == [
        ["rank", "team"], ["1", "Red"], ["Blue", "80.00"],
    ]  # fmt: skip
    assert delegation.splitlines()[1].split()[:2] == ["East", "9"]
    assert teams("--table", "teams", "--format", "csv").splitlines() == [
        "rank,team,total,time,counted", "1,Red,160.00,0,A; C", ",Blue,80.00,0,B",
    ]  # fmt: skip
    (east, west) = json.loads(teams("--table", "delegations", "--format", "json"))
    assert (east["points"], east["tiers"], east["best_scale"]) == ("9", {"gold": 1}, 720)
    assert west["ranks"]["points"] == 2
    assert json.loads(teams("--format", "json"))["teams"][0]["counted"] == ["A", "C"]
    assert teams("--table", "delegations", "--format", "csv").splitlines()[0] == (
        "delegation,points,average_points,scale,average_scale,best_scale,tier:gold,"
        "rank:points,rank:average_points,rank:scale,rank:average_scale"
    )


def test_judges_who_are_far_apart_are_named_and_the_result_stands(run):
    found = run("skills-star", MARKS)
    assert found.exit_code == 0
    (line,) = found.stderr.splitlines()
    assert line.endswith("marks.csv:2:1: X: practical: the judges differ by 20.00, "
                         "from 70.00 to 90.00.")  # fmt: skip


@pytest.mark.parametrize("name", ["-2+3", "+1", "@x"])
def test_no_name_becomes_a_formula(run, name):
    text = MARKS.replace("=Y", name)
    assert f",'{name},competed" in run("skills-star", text, "--format", "csv").stdout


FINISHES = """event,delegation,entry,rank,award,scale
bricks,East,Ann,1,gold,741
bricks,West,Bob,2,silver,739
bricks,North,Cid,3,,700
cars,East,Dan,4,medallion,702
cars,West,Eve,1,gold,760
cars,West,Fay,,,
"""


@pytest.fixture
def ranked(tmp_path):
    def ranked(text, *options, scheme="worldskills"):
        file = tmp_path / "finishes.csv"
        file.write_text(text, encoding="utf-8")
        arguments = [str(SCHEMES / f"{scheme}.yaml"), str(file), *options]
        return CliRunner().invoke(delegations, arguments, catch_exceptions=False)

    return ranked


def test_delegations_are_ranked_over_several_events(ranked):
    rows = json.loads(ranked(FINISHES, "--format", "json").stdout)
    shown = {row.pop("delegation"): row for row in rows}
    assert [*shown] == ["East", "North", "West"]
    # Gold 4 and a medallion 1; silver 3 and gold 4, all divided by the events entered.
    assert shown["East"] == {
        "points": "5", "average_points": "2.5", "scale": "1443", "average_scale": "721.5",
        "best_scale": 741, "tiers": {"gold": 1, "medallion": 1},
        "ranks": {"points": 2, "average_points": 2, "scale": 2, "average_scale": 2},
    }  # fmt: skip
    assert (shown["West"]["points"], shown["West"]["average_points"]) == ("7", "3.5")
    assert shown["West"]["best_scale"] == 760
    assert shown["North"]["ranks"]["average_scale"] == 3
    assert ranked(FINISHES).stdout.splitlines()[3].split()[:3] == ["West", "7", "3.5"]
    assert ranked(FINISHES, "--format", "csv").stdout.splitlines()[1].startswith("East,5,2.5,1443")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("event,entry\n", ["1:1: The column delegation is missing."]),
        ("event,delegation,entry,medal\n", ["1:4: medal is none of the columns: event, delegation, "
                                            "entry, rank, award, scale."]),
        ("event,delegation,entry,rank,award,scale\nx,,A,first,tin,7.5\nx,D,A,1,,\ny,D,B,1,,,9\n",
         ["2:2: delegation is missing.", "2:4: rank must be a whole number.",
          "2:5: tin is no award of the plan.", "2:6: scale must be a whole number.",
          "3:3: The entry A stands in line 2 already.",
          "4:7: The row has 7 cells; the header has 6."]),
        ('event,delegation,entry\nx,D,"A\n', ["2:1: This is not CSV: unexpected end of data."]),
    ],
)  # fmt: skip
def test_every_problem_of_the_finishes_is_said(ranked, text, said):
    found = ranked(text)
    assert found.exit_code == 2
    assert [line.split("finishes.csv:")[1] for line in found.stderr.splitlines()] == said


def test_a_scheme_without_a_rule_for_delegations_ranks_none(ranked):
    found = ranked(FINISHES, scheme="five-judges")
    assert (found.exit_code, "says nothing about delegations" in found.stderr) == (2, True)
