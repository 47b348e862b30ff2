"""Entries go from a city's installation to the province's, and results come back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from models.database import db
from models.entries import Entry
from models.honours import Honour
from models.provincial_delegations import ProvincialIntake
from rules import provincial_exchange as exchange
from rules.provincial import Medal, ResultState, SlotState
from rules.refusals import Refused
from rules.states import EntryState, EventState
from services import (
    provincial_exchange,
    provincial_exchange_signing,
    provincial_histories,
    provincial_intakes,
    provincial_intakes_results,
    statements,
    works,
)
from tests.builders import Builder, first_stage
from tests.conftest import KEYS
from tests.provincial_story import HELD, RULES, ProvincialStory
from tests.results_story import Story
from tests.services.test_races import own_database

ROOT = Path(__file__).parents[2]


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Flask]:
    """Another installation with a database of its own."""
    folder = tmp_path / "province"
    folder.mkdir()
    url = own_database(folder)
    made = create_app(skillstar_mode="testing", instance_dir=folder, database_url=url, **KEYS)
    with made.app_context():
        upgrade()
    yield made
    with made.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def received(data: bytes, table: bytes) -> bytes:
    """The province takes entries, holds its contest, and gives results back."""
    build = Builder()
    statements.make_key(build.actor(build.account("administrator")))
    story = Story(build)
    story.event.title, story.event.state = "钳工", EventState.REGISTERING
    db.session.commit()
    by = build.actor(build.account("organizer"))
    with pytest.raises(Refused, match="digest does not fit"):
        provincial_intakes.preview_entries(
            by, story.contest.id, data.replace(b"1990", b"1991"), "x"
        )
    batch = provincial_intakes.preview_entries(by, story.contest.id, data, "entries.json")
    with pytest.raises(Refused, match="Compare the key"):
        provincial_intakes.take_entries(by, batch)
    provincial_exchange_signing.know_key(by, batch)
    rows = provincial_intakes.checked(provincial_histories.get_import(batch), by)
    assert [len(one.problems) for one in rows] == [0, 0, 1]
    assert "no event of that name" in str(rows[2].problems[0])
    assert db.session.scalar(select(Entry.id)) is None
    provincial_intakes.take_entries(by, batch)
    again = provincial_intakes.preview_entries(by, story.contest.id, table, "entries.xlsx")
    with pytest.raises(Refused, match="nothing new"):
        provincial_intakes.take_entries(by, again)
    intakes = db.session.scalars(select(ProvincialIntake).order_by(ProvincialIntake.id)).all()
    for intake, mark in zip(intakes, ("95", "85"), strict=True):
        assert (intake.entry.state, len(intake.entry.coaches)) == (EntryState.ACCEPTED, 1)
        intake.entry.code = f"W9{intake.id}"
        works.add_works(story.event.id, first_stage(story.event), [intake.entry_id])
        for part in ("theory", "practical"):
            story.marks(intake.entry, part, mark)
    story.event.state = EventState.REVIEW
    db.session.commit()
    with pytest.raises(Refused, match="final result yet"):
        provincial_intakes_results.results_file(story.contest.id, "慈溪市代表队")
    story.final()
    (one,) = provincial_intakes_results.list_delegations(story.contest.id)
    assert (one.title, one.entries, one.results, one.standing.rank) == ("慈溪市代表队", 2, 2, 1)
    return provincial_intakes_results.results_file(
        story.contest.id, "慈溪市代表队", "浙技赛〔2026〕9号"
    )


def test_there_and_back(build: Builder, tmp_path: Path, province: Flask) -> None:
    statements.make_key(build.actor(build.account("administrator")))
    rules = RULES.model_copy(update={"training_days": 0})
    city = ProvincialStory(build, rules)
    event, other = city.event("钳工", quota=2), city.event("花艺")
    coach = build.person(name="李教练")
    slots = [
        city.candidate(one, build.person(name=name), coaches=(coach,))
        for one, name in ((event, "陈一凡"), (event, "王双"), (other, "赵花"))
    ]
    for one in (event, other):
        city.named(one)
    form = city.sent(tmp_path)
    data = provincial_exchange.entries_file(form.id)
    table = provincial_exchange.entries_file(form.id, as_table=True)
    assert exchange.read(data, exchange.EntriesFile).form_digest == form.digest
    with province.app_context():
        back = received(data, table)
        db.session.remove()
    by = city.by(HELD)
    batch = provincial_exchange.preview_results(by, city.id, back, "results.xlsx")
    found = provincial_exchange.matches_of(provincial_histories.get_import(batch))
    assert [one.match.value for one in found] == ["matched", "matched", "missing"]
    with pytest.raises(Refused, match="Compare the key"):
        provincial_exchange.take_results(by, batch)
    provincial_exchange_signing.know_key(by, batch)
    provincial_exchange.take_results(by, batch)
    results = [city.slot(one.id).result for one in slots]
    assert [(one.rank, one.prize, one.state) for one in results if one is not None] == [
        (1, "First prize", ResultState.RECORDED), (2, "Second prize", ResultState.RECORDED),
    ]  # fmt: skip
    city.confirmed(*slots[:2])
    assert db.session.query(Honour).filter_by(title="First prize").count() == 1
    provincial_exchange.undo_results(by, batch, reason="上级更正")
    assert {city.slot(one.id).state for one in slots} == {SlotState.ENTERED}
    again = provincial_exchange.preview_results(by, city.id, back, "results.json")
    provincial_exchange.take_results(by, again)
    assert city.slot(slots[0].id).state is SlotState.COMPETED


def test_the_format_is_the_documented_one() -> None:
    kept = json.loads((ROOT / "docs" / "exchange.schema.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(exchange.schema()))


def test_what_is_no_such_file_is_refused() -> None:
    content = exchange.ResultsFile(
        contest_code="A", contest="B", delegation="C",
        results=(exchange.ExchangeResult(reference="A-123456", rank=1, medal=Medal.GOLD),),
    )  # fmt: skip
    data = exchange.written(content)
    assert exchange.read(data, exchange.ResultsFile) == content
    for bad, text in (
        (b"{", "no exchange file"),
        (b"[]", "no exchange file"),
        (data.replace(b'"version": 1', b'"version": 2'), "another version"),
        (data.replace(b'"gold"', b'"silver"'), "digest does not fit"),
    ):
        with pytest.raises(Refused, match=text):
            exchange.read(bad, exchange.ResultsFile)
    with pytest.raises(Refused, match="no exchange file"):
        exchange.read(data, exchange.EntriesFile)
