"""The public directory: which workshops it lists, and the map that staff draw."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.database import db
from rules.mentorships import MentorshipState
from rules.refusals import Missing, Refused
from rules.tile_maps import Tile
from rules.workshops import ClosedFor, MasterRole, WorkshopLevel, WorkshopState
from services import directories
from services.directories import Wanted
from tests.builders import Builder
from tests.workshop_rows import add_master, add_pair, add_workshop

Statements = Callable[[], AbstractContextManager[list[str]]]
TILES = [Tile("浒山街道", 1, 1), Tile("龙山镇", 2, 1)]


def titles(wanted: Wanted) -> list[str]:
    return [one.title for one in directories.list_workshops(wanted).items]


def test_workshops_are_listed_from_above_and_closed_ones_are_not(build: Builder) -> None:
    add_workshop(build, title="市级")
    add_workshop(build, title="省级", level=WorkshopLevel.PROVINCE)
    add_workshop(
        build, title="关闭", state=WorkshopState.CLOSED, closed_on=date(2024, 1, 1),
        closed_for=ClosedFor.WISH,
    )  # fmt: skip
    assert titles(Wanted()) == ["省级", "市级"]
    assert directories.counts_by_level() == {WorkshopLevel.PROVINCE: 1, WorkshopLevel.CITY: 1}


def test_level_trade_district_and_words_narrow_the_list(build: Builder) -> None:
    add_workshop(build, title="甲", occupation="焊工", district="龙山镇")
    add_workshop(build, build.person(name="王师傅"), title="乙", level=WorkshopLevel.NATION)
    assert titles(Wanted(occupation="焊工")) == ["甲"]
    assert titles(Wanted(level=WorkshopLevel.NATION)) == ["乙"]
    assert titles(Wanted(district="龙山镇")) == ["甲"]
    assert titles(Wanted(q="王师傅")) == ["乙"]
    assert titles(Wanted(q="机械", district="龙山镇")) == ["甲"]
    assert titles(Wanted(q="%")) == []
    assert directories.occupations_known() == ["焊工", "钳工"]


def test_the_map_counts_what_is_asked_for_in_every_district(build: Builder) -> None:
    for district in ("浒山街道", "浒山街道", "龙山镇", "余姚"):
        add_workshop(build, district=district)
    add_workshop(build, district="龙山镇", occupation="焊工")
    directories.save_map(build.actor(), TILES, [])
    made = directories.map_of(Wanted(district="龙山镇"))
    assert [(one.tile.title, one.count) for one in made.tiles] == [("浒山街道", 2), ("龙山镇", 2)]
    assert made.beside == (("余姚", 1),)
    made = directories.map_of(Wanted(occupation="焊工"))
    assert [one.count for one in made.tiles] == [0, 1]


def test_the_map_is_replaced_and_recorded(build: Builder) -> None:
    directories.save_map(build.actor(), TILES, [])
    # two tiles change places
    swapped = [Tile("浒山街道", 2, 1), Tile("龙山镇", 1, 1)]
    assert directories.save_map(build.actor(), swapped, TILES) == 2
    assert directories.tiles() == [swapped[1], swapped[0]]
    record = db.session.scalars(
        select(AuditRecord).where(AuditRecord.action == "save_map").order_by(AuditRecord.id.desc())
    ).first()
    assert record is not None
    assert record.before == {"浒山街道": "1, 1", "龙山镇": "2, 1"}


def test_a_map_changed_meanwhile_is_not_overwritten(build: Builder) -> None:
    directories.save_map(build.actor(), TILES, [])
    with pytest.raises(Refused):
        directories.save_map(build.actor(), TILES[:1], [])
    assert directories.tiles() == TILES


def test_a_page_shows_masters_terms_and_counts_persons_apart(build: Builder) -> None:
    leader, learner = build.person(name="领办人"), build.person()
    shop = add_workshop(build, leader, taught_before=30)
    add_master(shop, build.person(name="成员"))
    years = {"starts_on": date(2018, 1, 1), "ends_on": date(2019, 1, 1)}
    add_pair(build, leader, learner, workshop_id=shop.id, state=MentorshipState.ACCEPTED, **years)
    add_pair(build, leader, learner, workshop_id=shop.id)
    add_pair(build, leader, workshop_id=shop.id)
    add_pair(build, leader, workshop_id=shop.id, state=MentorshipState.CANCELLED)
    add_pair(build, leader)
    shown = directories.show_workshop(shop.id)
    assert [(one.name, one.role) for one in shown.masters] == [
        ("领办人", MasterRole.LEADER),
        ("成员", MasterRole.MASTER),
    ]
    assert shown.term is not None and shown.term.ends_on == date(2026, 12, 31)
    assert shown.taught == (2, 2, 33, 1)


def test_a_closed_workshop_has_no_public_page(build: Builder) -> None:
    shop = add_workshop(
        build, state=WorkshopState.CLOSED, closed_on=date(2024, 1, 1), closed_for=ClosedFor.WISH
    )
    with pytest.raises(Missing):
        directories.show_workshop(shop.id)


def test_statements_do_not_grow(build: Builder, statements: Statements) -> None:
    def sent() -> int:
        with statements() as found:
            directories.list_workshops(Wanted())
            directories.map_of(Wanted())
        return len(found)

    shop = add_workshop(build)
    few = sent()
    for _ in range(3):
        add_workshop(build)
        add_master(shop, build.person())
    assert sent() == few
    with statements() as found:
        directories.show_workshop(shop.id)
    assert len(found) <= 5
