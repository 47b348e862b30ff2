"""People and employers: stored once, found by number, name or spelling."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from models.people import Employer, Person
from rules.identity import IdKind
from rules.people import PersonFacts
from rules.refusals import Refused
from rules.states import EntryState, EventState
from services import people, people_employers
from services.acting import Actor
from services.people import PersonQuery
from services.people_employers import EmployerFacts
from services.people_names import name_key, passport_spelling, search_key
from tests.builders import Builder


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("陈建国", "chen jianguo cjg chenjianguo"),
        ("单小红", "shan xiaohong sxh shanxiaohong"),
        ("曾重", "zeng zhong zz zengzhong"),
        ("仇仁", "qiu ren qr qiuren"),
        ("尉迟恭", "yuchi gong ycg yuchigong"),
        ("长孙无忌", "zhangsun wuji zswj zhangsunwuji"),
        ("欧阳", "ou yang oy ouyang"),
        ("阿依古丽·买买提", "a yigulimaimaiti ayglmmt ayigulimaimaiti"),
        ("Li Ming", "li ming liming"),
    ],
)
def test_names_are_spelled_as_families_say_them(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("张三丰", "Zhang Sanfeng"),
        ("欧阳修", "Ouyang Xiu"),
        ("单雄信", "Shan Xiongxin"),
        ("Alexander Berg", "Alexander Berg"),
        ("阿卜杜·买买提", ""),  # spelled by the rules of its own language
        ("第一代表队", ""),
    ],
)
def test_han_names_are_spelled_as_in_passports(name: str, spelling: str) -> None:
    assert passport_spelling(name) == spelling


def test_only_latin_letters_are_searched_as_a_spelling() -> None:
    assert search_key(" Zhang Wei ") == "zhang wei"
    assert search_key("张") == search_key("a%") == search_key("") == ""


def facts(build: Builder, name: str = "王小明", **more: object) -> PersonFacts:
    values: dict[str, object] = {"id_number": build.id_number(), "phone": "13912345678"}
    return PersonFacts(name, IdKind.RESIDENT, **(values | more))  # type: ignore[arg-type]


def test_many_people_are_stored_in_order_and_each_only_once(by: Actor, build: Builder) -> None:
    one, two = facts(build), facts(build, "李红")
    employer = build.employer().id
    ids = people.bulk_people(by, [(one, None), (two, employer), (one, employer)])
    assert ids[0] == ids[2]
    stored = [db.session.get_one(Person, key) for key in ids]
    assert [person.name for person in stored] == ["王小明", "李红", "王小明"]
    assert stored[0].employer_id == employer
    assert people.find_person(two.id_number) is stored[1]


def test_a_known_person_is_brought_up_to_date_but_keeps_name_and_what_is_not_told(
    by: Actor, build: Builder
) -> None:
    known = build.person(name="王小明", held_level=3, phone="13900000000")
    newer = facts(build, "王 小明", id_number=known.id_number, phone="13711111111")
    assert people.add_person(by, newer) == known.id
    db.session.refresh(known)
    assert (known.name, known.held_level, known.phone) == ("王小明", 3, "13711111111")


def test_a_corrected_name_shows_in_the_person_s_entries(by: Actor, build: Builder) -> None:
    person = build.person(name="王小名")
    build.entry(build.event(state=EventState.REGISTERING), EntryState.SUBMITTED, person)
    people.edit_person(by, person.id, "王小明", "", 2)
    assert db.session.scalars(select(Entry.title)).all() == ["王小明"]
    assert (person.name_key.split()[0], person.phone, person.held_level) == ("wang", None, 2)
    (record,) = db.session.scalars(select(AuditRecord))
    assert record.before == {"name": "王小名", "held_level": None}


@pytest.mark.parametrize(
    ("name", "phone", "level", "field"),
    [("王1", "", None, "name"), ("王", "12", None, "phone"), ("王", "", 7, "held_level")],
)
def test_a_wrong_correction_is_refused_at_its_field(
    by: Actor, build: Builder, name: str, phone: str, level: int | None, field: str
) -> None:
    person = build.person()
    with pytest.raises(Refused) as refusal:
        people.edit_person(by, person.id, name, phone, level)
    assert refusal.value.field == field


def test_people_are_listed_by_spelling_and_within_the_reader_s_contests(build: Builder) -> None:
    event = build.event(state=EventState.REGISTERING)
    zhang = build.person(name="张三", name_key=name_key("张三"))
    an = build.person(name="安四", name_key=name_key("安四"))
    build.entry(event, EntryState.SUBMITTED, zhang)
    assert [p.name for p in people.list_people(PersonQuery()).items] == ["安四", "张三"]
    within = people.list_people(PersonQuery(), frozenset({event.contest_id}))
    assert [p.name for p in within.items] == ["张三"]
    assert people.list_people(PersonQuery(), frozenset()).total == 0
    assert people.count_entries([zhang, an]) == {zhang.id: 1}


def test_an_employer_is_registered_once_however_it_is_spelled(by: Actor) -> None:
    people_employers.create_employer(by, EmployerFacts("宁波（方太）厨具有限公司"))
    with pytest.raises(Refused) as refusal:
        people_employers.create_employer(by, EmployerFacts("宁波(方太) 厨具有限公司"))
    assert refusal.value.field == "title"


@pytest.mark.parametrize("typed", ["（方太）", "(方太)", "（方太)", "波(方"])
def test_an_employer_is_found_with_either_kind_of_brackets(by: Actor, typed: str) -> None:
    kept = people_employers.create_employer(by, EmployerFacts("宁波(方太)厨具有限公司"))
    assert people_employers.get_employer(kept).title == "宁波（方太）厨具有限公司"
    found = people_employers.list_employers(typed)
    assert [employer.id for employer in found.items] == [kept]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "x"}, "title"),
        ({"uscc": "91330282MA2AG1BP5X"}, "uscc"),
        ({"contact_phone": "12"}, "contact_phone"),
    ],
)
def test_wrong_data_of_an_employer_are_refused_at_their_field(
    by: Actor, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        people_employers.create_employer(by, EmployerFacts(**({"title": "慈溪一厂"} | change)))
    assert refusal.value.field == field


def test_the_employer_itself_changes_only_its_contact_data(by: Actor, build: Builder) -> None:
    employer = build.employer(title="慈溪一厂")
    typed = EmployerFacts("别的名字", "", "周巷镇", "陈主任", "0574-63000000")
    people_employers.edit_employer(by, employer.id, typed, is_official=False)
    assert (employer.title, employer.district) == ("慈溪一厂", "周巷镇")
    assert employer.contact_phone == "0574-63000000"
    people_employers.edit_employer(by, employer.id, typed, is_official=True)
    assert employer.title == "别的名字"


def test_phones_are_not_recorded(by: Actor, build: Builder) -> None:
    employer = build.employer()
    typed = EmployerFacts(employer.title, contact_phone="13912345678")
    people_employers.edit_employer(by, employer.id, typed, is_official=True)
    (record,) = db.session.scalars(select(AuditRecord))
    assert "13912345678" not in f"{record.before}{record.after}"


def test_unknown_employers_are_registered_in_one_go(by: Actor, build: Builder) -> None:
    known = build.employer(title="慈溪一厂")
    ids = people_employers.bulk_employers(by, ["慈溪 一厂", "慈溪二厂(新)", "慈溪二厂（新）"])
    assert ids["慈溪一厂"] == known.id
    titles = db.session.scalars(select(Employer.title).order_by(Employer.id)).all()
    assert titles == ["慈溪一厂", "慈溪二厂（新）"]


Collect = Callable[[], AbstractContextManager[list[str]]]


def test_lists_need_as_many_statements_for_three_rows_as_for_one(
    build: Builder, statements: Collect
) -> None:
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            build.person(employer_id=build.employer().id)
        db.session.expire_all()
        with statements() as seen:
            found = people.list_people(PersonQuery())
            people.count_entries(found.items)
            assert all(person.employer.title for person in found.items)
            people_employers.count_for(people_employers.list_employers().items)
        counts.append(len(seen))
    assert counts[0] == counts[1]
