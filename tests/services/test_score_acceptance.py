"""The engine against published tables, with scheme files alone; skipped without the data."""

import csv
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from rules.outcomes import outcome
from services.score_files import read_regulations
from services.score_marks import read_marks

ROOT = Path(__file__).parents[2]
SCHEMES = ROOT / "docs/schemes"
DATA = ROOT.parent / "shared/data"
SHORT = {"1.0": "skating-short-men", "0.8": "skating-short"}
FREE = {"2.0": "skating-free-men", "1.6": "skating-free", "1.2": "skating-free-dance"}
COMPONENTS = {
    "Skating Skills": "skills",
    "Transitions": "transitions",
    "Performance": "performance",
    "Composition": "composition",
    "Interpretation of the Music": "interpretation",
}


def table(*names):
    path = DATA.joinpath(*names)
    if not path.exists():
        pytest.skip(f"real data is not here: {'/'.join(names)}")
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def computed(scheme, rows, tmp_path, plan=None):
    """Compute marks in long form; return what comes out, by the names of the entries."""
    file = tmp_path / "marks.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("entry", "node", "judge", "value"), *rows])
    regulations = read_regulations(SCHEMES / f"{scheme}.yaml")
    marks = read_marks(file, regulations.scheme)
    found = outcome(regulations.scheme, plan or regulations.plan, marks.starters)
    return found, {name: number for number, name in marks.entries.items()}


def component(name):
    return COMPONENTS[name.split("/")[0].strip()]


def panel_scores(score):
    """Return the rounded panel score of each component."""
    (stage,) = score.works
    programme = stage.below[1].below[0]
    return {w.node.key: Decimal(w.combined) / score.unit for w in programme.below}


def segment_rows(segment, marks):
    for performance in segment:
        name = performance["performance_id"]
        yield name, "element_score", "", performance["total_element_score"]
        yield name, "deductions", "", performance["total_deductions"]
        for row in marks[name]:
            for judge in (f"J{n}" for n in range(1, 10)):
                yield name, component(row["component"]), judge, row[judge]


def test_skating_every_panel_component_and_segment_score_and_every_rank(tmp_path):
    performances = table("skating", "performances.csv")
    marks = {}
    for row in table("skating", "component_marks.csv"):
        marks.setdefault(row["performance_id"], []).append(row)
    checked = {"panel": 0, "segment": 0}

    def place(row):
        return row["competition"], row["program"]

    for (_, program), group in groupby(sorted(performances, key=place), key=place):
        segment = list(group)
        factor = marks[segment[0]["performance_id"]][0]["factor"]
        scheme = (FREE if "FREE" in program else SHORT)[factor]
        found, numbers = computed(scheme, segment_rows(segment, marks), tmp_path)
        ranks = {p.entry_id: p.rank for p in found.places}
        for performance in segment:
            name = performance["performance_id"]
            score = found.scores[numbers[name]]
            panels = panel_scores(score)
            for row in marks[name]:
                official = Decimal(row["official_panel_score"])
                assert panels[component(row["component"])] == official, (name, row)
                checked["panel"] += 1
            official = Decimal(performance["total_component_score"])
            assert score.parts["components"].score == official, name
            assert score.total == Decimal(performance["total_segment_score"]), name
            assert ranks[numbers[name]] == int(performance["rank"]), name
            checked["segment"] += 1
    assert checked == {"panel": 4265, "segment": 853}


@pytest.mark.parametrize("year", ["2015", "2016", "2017", "2018", "2019"])
def test_olympiad_every_total_rank_and_award(year, tmp_path):
    results = [row for row in table("olympiad", "results.csv") if row["year"] == year]
    (cut,) = (row for row in table("olympiad", "cutoffs.csv") if row["year"] == year)
    plan = read_regulations(SCHEMES / "olympiad.yaml").plan
    floors = {k: Decimal(cut[f"{k}_min"]) for k in ("gold", "silver", "bronze")}
    tiers = [t.model_copy(update={"floor": floors.get(t.key)}) for t in plan.awards.tiers]
    awards = plan.awards.model_copy(update={"tiers": tuple(tiers)})
    rows = [(row["entry"], f"p{n}", "", row[f"p{n}"]) for row in results for n in range(1, 7)]
    plan = plan.model_copy(update={"awards": awards})
    found, numbers = computed("olympiad", rows, tmp_path, plan)
    ranks = {p.entry_id: p.rank for p in found.places}
    assert len(results) == int(cut["contestants"])
    for row in results:
        number = numbers[row["entry"]]
        award = found.awards.get(number)
        assert found.scores[number].total == int(row["official_total"])
        assert ranks[number] == int(row["official_rank"])
        assert (award.tier.key if award else "") == row["official_award"]
