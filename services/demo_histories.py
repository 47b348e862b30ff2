"""Lists of past years of the demonstration: old editions, honours, a list that waits.

The lists of the editions differ in what they tell, as a bureau's own do.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from rules.histories import HistoryKind
from rules.people import PersonFacts
from services import histories
from services.demo_people import People
from services.demo_stages import Stage
from services.histories_columns import COLUMNS
from services.people import find_person, get_person
from services.people_employers import get_employer
from services.workbooks_writing import write_table

SEED = 1917
TRADES = (("钳工", 8), ("电工", 9), ("美发师", 6))
# How many years ago, and which columns the list lacks; the second one names nobody by number.
EDITIONS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (8, ()),
    (6, ("id_number", "company", "division", "skill", "mark")),
    (5, ("skill",)),
)
PRIZES = ("一等奖", "二等奖", "二等奖", "三等奖", "三等奖", "三等奖")
CRAFTSMEN = ("上林工匠", "上林工匠", "上林银匠")
Row = dict[str, object]


def add_histories(stage: Stage, winner_id: int) -> None:
    """Bring old editions and honours in; a last list waits for decisions."""
    people = People(Random(SEED), stage.today)
    for ago, lacking in EDITIONS:
        year = stage.today.year - ago
        rows = [
            {key: value for key, value in row.items() if key not in lacking}
            for row in _edition(stage, people, year)
        ]
        _bring(stage, HistoryKind.EDITIONS, rows, f"{year}年职工技能比武名单.xlsx", -30)
    _bring(stage, HistoryKind.HONOURS, list(_honours(stage, people)), "历年上林工匠名单.xlsx", -28)
    waiting = list(_waiting(stage, people, winner_id))
    name = f"{stage.today.year - 10}年比武获奖名单.xlsx"
    _look(stage, HistoryKind.EDITIONS, waiting, name, -1)


def _bring(stage: Stage, kind: HistoryKind, rows: list[Row], name: str, days: int) -> None:
    # Of who bears a name that the register knows nobody decides here: such rows stay out.
    key = _look(stage, kind, rows, name, days)
    histories.confirm(stage.by("bureau", days, 15), key, only_good=True)


def _look(stage: Stage, kind: HistoryKind, rows: list[Row], name: str, days: int) -> int:
    by = stage.by("bureau", days)
    key = histories.upload(by, kind, write_table(COLUMNS[kind], rows, "名单"), name)
    chosen = histories.choices_of(histories.get_import(key))
    return histories.choose_columns(by, key, chosen)


def _strangers(people: People, count: int) -> list[PersonFacts]:
    """Make up people whom the register does not know; numbers that belong to nobody are few."""
    found: list[PersonFacts] = []
    while len(found) < count:
        one = people.take(1)[0]
        if find_person(one.id_number) is None:
            found.append(one)
    return found


def _edition(stage: Stage, people: People, year: int) -> Iterator[Row]:
    for trade, count in TRADES:
        for place, one in enumerate(_strangers(people, count), start=1):
            prize = PRIZES[place - 1] if place <= len(PRIZES) else ""
            # Made-up numbers are all women's: with one person lacking it, no list tells the sexes.
            number = "" if place == count else one.id_number
            yield _named(stage, one, place) | {
                "id_number": number,
                "contest": f"{year}年慈溪市职工技能比武",
                "year": year,
                "held_on": date(year, 10, 18),
                "level": "县级",
                "organiser": "慈溪市人力资源和社会保障局",
                "event": trade,
                "division": "职工组",
                "rank": place,
                "mark": 96 - 3 * place,
                "prize": prize,
                "skill": "高级工" if place <= count // 2 else "",
                "document": f"慈人社〔{year}〕86号",
            }


def _named(stage: Stage, one: PersonFacts, place: int) -> Row:
    employer = get_employer(stage.employers[12 + place % 9])
    return {
        "name": one.name, "id_number": one.id_number, "employer": employer.title, "company": "是",
    }  # fmt: skip


def _honours(stage: Stage, people: People) -> Iterator[Row]:
    year = stage.today.year - 7
    for place, (title, one) in enumerate(zip(CRAFTSMEN, _strangers(people, 3), strict=True)):
        yield _named(stage, one, place) | {
            "title": title,
            "level": "县级",
            "granted_by": "慈溪市人民政府",
            "granted_on": date(year, 9, 20),
            "document": f"慈政发〔{year}〕31号",
        }


def _waiting(stage: Stage, people: People, winner_id: int) -> Iterator[Row]:
    """Yield a winner without a number whom the register may know, and a row with an error."""
    winner, year = get_person(winner_id), stage.today.year - 10
    common: Row = {"contest": f"{year}年慈溪市职工技能比武", "year": year, "event": "电工"}
    employer = winner.employer.title if winner.employer is not None else ""
    yield common | {"name": winner.name, "employer": employer, "rank": 1, "prize": "一等奖"}
    wrong, good = _strangers(people, 2)
    number = wrong.id_number[:-1] + ("1" if wrong.id_number[-1] == "0" else "0")
    yield common | _named(stage, wrong, 1) | {"id_number": number, "rank": 2, "prize": "二等奖"}
    yield common | _named(stage, good, 2) | {"rank": 3, "prize": "二等奖"}
