"""Ten thousand people go through everything that is public, and nobody is given away (R9.03-05).

A new public route must be named in WAYS, or the test fails; a new encrypted column must be filled
with something that the scanner knows, or be named with the reason why it is not.
"""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from blueprints.deliveries.claiming import OPEN
from models.certificates import Certificate
from models.columns import Encrypted, EncryptedDate, EncryptedJson
from models.database import db
from models.objections import ObjectionFile
from models.payouts import BankAccount
from models.people import Person
from rules.access import ANYONE
from rules.identity import mask_id
from services import notices_lists
from tests.builders import Builder, sign_in
from tests.crawl import endpoint_of, walk
from tests.leak_crowd import MAIL, OBJECTOR, Crowd
from tests.leak_texts import texts_of
from tests.leaks import Scanner
from tests.results_story import AFTER
from tests.test_access import OPEN_FILES, act_of, routes

COUNT = int(os.environ.get("LEAK_PEOPLE", "10000"))
CHECKED = 60  # so many certificates are looked up on their pages; the facts of all are scanned
PAGED = 30  # so many pages of a list are asked for
Ways = dict[str, Callable[[Crowd], list[str]]]


def _codes() -> list[str]:
    query = select(Certificate.check_code).order_by(Certificate.id.desc())
    first = select(Certificate.check_code).order_by(Certificate.id)
    return [*db.session.scalars(first.limit(20)), *db.session.scalars(query.limit(CHECKED))]


def _notices(crowd: Crowd, tail: str = "") -> list[str]:
    return [f"/notices/{key}{tail}" for key in (crowd.notice, crowd.long_notice)]


def _objections(crowd: Crowd, tail: str = "") -> list[str]:
    return [f"/objections/{code}{tail}" for code in crowd.codes]


# How to come to each page and file that everybody may have.
WAYS: Ways = {
    "desks.home": lambda crowd: ["/"],
    "accounts.sign_in": lambda crowd: ["/sign-in"],
    "accounts.activate": lambda crowd: [f"/activate/{crowd.token}", "/activate/nothing"],
    "halls.show_lot": lambda crowd: [f"/lots/{crowd.lot}"],
    "halls.lot_record": lambda crowd: [f"/lots/{crowd.lot}/record.json"],
    "judging.worker": lambda crowd: ["/worker.js"],
    "boards.show_board": lambda crowd: [
        f"/board/{contest}?event={event.id}"
        for contest in (crowd.contest.id, crowd.story.contest.id)
        for event in (crowd.live, crowd.story.event, *crowd.contest.events[:2])
    ],
    "boards.board_data": lambda crowd: [
        f"/board/events/{event.id}/data"
        for event in (crowd.live, crowd.story.event, *crowd.contest.events)
    ],
    "notices.list_notices": lambda crowd: ["/notices"],
    "selection_holders.list_present": lambda crowd: ["/selections/titles"],
    "provincial.list_public": lambda crowd: ["/higher-contests"],
    "provincial.show_public": lambda crowd: [f"/higher-contests/{crowd.higher}"],
    "notices.show_notice": _notices,
    "notices.notice_paper": lambda crowd: [f"/notices/{crowd.notice}/paper"],  # 60 rows to set
    "notices.notice_table": lambda crowd: _notices(crowd, "/table"),
    "notices.public_results": lambda crowd: [
        f"/contests/{key}/results" for key in (crowd.contest.id, crowd.story.contest.id)
    ],
    "objections.file_objection": lambda crowd: _notices(crowd, "/objections/new"),
    "objections.follow": _objections,
    "objections.own_file": lambda crowd: [
        f"/objections/{crowd.codes[0]}/files/{key}"
        for key in db.session.scalars(select(ObjectionFile.id))
    ],
    "objections.own_receipt": lambda crowd: _objections(crowd, "/receipt"),
    "objections.own_answer": lambda crowd: _objections(crowd, "/answer"),
    "directories.list_workshops": lambda crowd: [
        "/directory",
        f"/directory?q={crowd.people[0][0].name}&level=city",
        f"/directory?district={crowd.workshop.district}",
    ],
    "selections.list_public": lambda crowd: ["/selections"],
    "selections.show_public": lambda crowd: [f"/selections/{crowd.round.id}"],
    "selections.round_feed": lambda crowd: [f"/selections/{crowd.round.id}/dates.ics"],
    "selections.all_feed": lambda crowd: ["/selections/dates.ics"],
    "workshops.list_notices": lambda crowd: ["/workshops/notices"],
    "nominations.list_notices": lambda crowd: ["/nominations/notices"],
    "directories.show_workshop": lambda crowd: [f"/directory/{crowd.workshop.id}"],
    "deliveries.begin": lambda crowd: ["/claim"],
    "deliveries.enter": lambda crowd: ["/claim/code"],
    "deliveries.lifetime": lambda crowd: ["/lifetime"],
    "deliveries.download": lambda crowd: [f"/lifetime/certificates/{crowd.claimed}"],
    "deliveries.badge": lambda crowd: [f"/lifetime/certificates/{crowd.claimed}/badge"],
    "deliveries.archive": lambda crowd: ["/lifetime/certificates.zip"],
    "certificates.verify": lambda crowd: ["/verify", "/verify?number=nothing"],
    "certificates.check": lambda crowd: [f"/verify/{code}" for code in _codes()],
    "certificates.check_file": lambda crowd: ["/verify/file"],
    "statements.key_set": lambda crowd: ["/.well-known/jwks.json"],
    "statements.checker": lambda crowd: ["/verify/checker"],
    "statements.checker_file": lambda crowd: ["/verify/checker.html"],
    "statements.keys_file": lambda crowd: ["/verify/keys.json"],
    "statements.issuer": lambda crowd: ["/.well-known/did.json"],
    "statements.status_list": lambda crowd: ["/status/1/revocation", "/status/1/suspension"],
}
# What everybody may send; empty forms are answered with pages or refusals.
SENT: Ways = {
    "accounts.sign_in": lambda crowd: ["/sign-in"],
    "accounts.activate": lambda crowd: [f"/activate/{crowd.token}"],
    "deliveries.begin": lambda crowd: ["/claim"],
    "deliveries.enter": lambda crowd: ["/claim/code"],
    "deliveries.give_consent": lambda crowd: ["/lifetime/consents"],
    "deliveries.confirm_spelling": lambda crowd: ["/lifetime/spelling"],
    "deliveries.withdraw_consent": lambda crowd: ["/lifetime/consents/1/withdraw"],
    "deliveries.leave": lambda crowd: ["/claim/leave"],
    "accounts.choose_language": lambda crowd: ["/language"],
    "objections.file_objection": lambda crowd: _notices(crowd, "/objections/new"),
    "objections.attach_own": lambda crowd: _objections(crowd, "/files"),
    "objections.withdraw": lambda crowd: ["/objections/NOTHING/withdraw"],
    "certificates.verify": lambda crowd: ["/verify"],
    "certificates.check_file": lambda crowd: ["/verify/file"],
}
# Shown to a whole hall, though only its clerks open them.
IN_THE_HALL = ("/events/{}/hall/screen", "/events/{}/hall/screen.json")
# Encrypted columns that say nothing of those whom a public list names, and of whom then.
ELSEWHERE = {
    "appeal.facts": "for the arbitration group alone; no public page reads appeals",
    "appeal.request": "as the facts",
    "hearing_note.text": "as the facts",
    "judge.bar_reason": "of judges; test_judges holds it",
    "relation.name": "of judges",
    "relation.remark": "of judges",
    "recusal.reason": "of judges",
    "panel_seat.answer_reason": "of judges",
    "layer_opening.content": "codes; test_code_leaks holds them",
    "level_return.rows": "a copy of person.id_number",
    "payout_return.rows": "a copy of bank_account.number",
    "lot.secret": "public after the draw",
    "import_batch.rows": "a copy of person.id_number",
    "workshop_application.apprentices": "of applications; test_workshops holds it from the notice",
    "workshop_file.title": "of applications and reports; no public page reads files",
    "workshop_import.rows": "a copy of person.id_number",
    "document.facts": "of official documents, which only staff open; no number of a person in them",
    "document.left_out": "as the facts",
    "objection.unit": "of objectors who are units",
    "statement_key.private": "of the bureau; test_statements holds it",
    "mentorship.reason": "of mentorships, which no public page reads",
    "mentorship_amendment.reason": "as mentorship.reason",
    "mentorship_pause.reason": "as mentorship.reason",
    "mentorship_import.rows": "a copy of person.id_number",
    "milestone.note": "as mentorship.reason",
    "milestone_file.title": "as mentorship.reason",
    "acceptance.note": "as mentorship.reason",
    "stipend_case.reason": "as mentorship.reason",
    "selection_report.text": "of yearly reports, which the holder and staff read",
    "frozen_figure.rows": "of figures, which only bureau staff see; no number of a person in them",
    "reply_kit.text": "as frozen_figure.rows",
    "selection_step.note": "of checks, which no public page reads",
    "selection_opinion.note": "as selection_step.note",
    "selection_opinion.dealing_reason": "as selection_step.note",
    "selection_import.rows": "a copy of person.id_number",
    "nomination.reasons": "of nominations; test_nominations holds it from the notice",
    "nomination.merits": "as nomination.reasons",
    "nomination.evidence": "as nomination.reasons",
    "nomination.answers": "as nomination.reasons",
    "nomination_file.title": "as nomination.reasons; no public page reads files",
    "nomination_sent_file.title": "as nomination_file.title",
    "nomination_objection.objector": "as nomination.reasons",
    "nomination_objection.contact": "as nomination.reasons",
    "nomination_objection.text": "as nomination.reasons",
    "nomination_objection.answer": "as nomination.reasons",
    "selection_sheet.note": "of reviews, which no public page reads",
    "selection_visit.notes": "as selection_sheet.note",
    "selection_meeting.minutes": "as selection_sheet.note",
    "selection_application.answers": "of applicants; no public page reads applications",
    "selection_evidence.detail": "as selection_application.answers",
    "selection_file.title": "as selection_application.answers; no public page reads files",
    "history_import.cells": "a copy of person.id_number",
    "history_import.rows": "a copy of person.id_number",
    "provincial_form.facts": "a copy of person.id_number; no public page reads forms",
    "provincial_import.rows": "a copy of person.id_number",
    "provincial_import.before": "as provincial_import.rows",
    "provincial_member.phone": "of delegations, which no public page reads",
    "provincial_paper.number": "as provincial_member.phone",
    "provincial_note.text": "of trainings, which no public page reads",
    "provincial_test_mark.note": "as provincial_note.text",
    "provincial_file.title": "as provincial_member.phone; no public page reads files",
}


def _is_long(crowd: Crowd, address: str) -> bool:
    """Say whether a page lists everybody: that is asked for once, in Chinese."""
    long = (f"/notices/{crowd.long_notice}", f"/contests/{crowd.contest.id}/results")
    return address.startswith(long) or "/board/" in address or "/verify/" in address


def _get_all(client: FlaskClient, crowd: Crowd) -> Iterator[tuple[str, Any]]:
    """Ask as a visitor for everything, in both languages; one has claimed his own honours."""
    with client.session_transaction() as session:
        session[OPEN] = crowd.claim
    for language in ("zh_Hans_CN", "en"):
        client.set_cookie("language", language)
        for addresses in WAYS.values():
            for address in addresses(crowd):
                if language != "en" or not _is_long(crowd, address):
                    yield f"{language} {address}", client.get(address, buffered=True)
    for addresses in SENT.values():
        for address in addresses(crowd):
            if not _is_long(crowd, address):
                yield f"POST {address}", client.post(address, data={})


def _walked(app: Flask, client: FlaskClient, crowd: Crowd) -> Iterator[tuple[str, Any]]:
    """Follow the links of the public pages as well: what they lead to is public too."""
    seen: list[tuple[str, Any]] = []
    asked = {address for addresses in WAYS.values() for address in addresses(crowd)}

    def around(get: Callable[[], Any]) -> tuple[Any, None]:
        reply = get()
        seen.append((reply.request.full_path, reply))
        return reply, None

    walk(app, client, ("/",), PAGED, around, lambda address: address not in asked)
    yield from seen


def _looked_at(reply: Any) -> bytes:
    """Return the body of an answer; its headers are scanned apart."""
    data: bytes = reply.get_data()
    return data


def _scan(scanner: Scanner, where: str, reply: Any) -> None:
    headers = "\n".join(f"{name}: {value}" for name, value in reply.headers)
    scanner.scan(f"{where} headers", headers)
    scanner.scan(where, _looked_at(reply))


def test_every_public_route_is_looked_at(app: Flask) -> None:
    public = [rule for rule in routes(app) if act_of(app, rule) in ANYONE]
    asked = {rule.endpoint for rule in public if "GET" in (rule.methods or ())}
    sent = {rule.endpoint for rule in public if "POST" in (rule.methods or ())}
    assert (asked, sent) == (set(WAYS), set(SENT))
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - {
        rule.endpoint for rule in routes(app)
    } == OPEN_FILES


def test_every_encrypted_column_is_filled_or_explained(build: Builder) -> None:
    Crowd(build, 70, events=1)
    kinds = (Encrypted, EncryptedDate, EncryptedJson)
    empty = set()
    for table in db.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, kinds):
                filled = select(func.count()).select_from(table).where(column.is_not(None))
                if not db.session.scalar(filled):
                    empty.add(f"{table.name}.{column.name}")
    assert empty <= set(ELSEWHERE)


@pytest.fixture
def crowd(build: Builder) -> Crowd:
    """The people and what was made of their contest."""
    return Crowd(build, COUNT)


def test_nobody_is_given_away_in_public(
    app: Flask, client: FlaskClient, clock: Any, crowd: Crowd
) -> None:
    clock.now = AFTER
    _prove_that_they_could_be(client, crowd, AFTER.date())
    scanner = Scanner(crowd.secrets, AFTER.date())
    visitor = app.test_client()
    seen = set()
    for where, reply in _get_all(visitor, crowd):
        assert reply.status_code < 500, where
        if reply.status_code == 200:
            seen.add(endpoint_of(app, where.partition(" ")[2]))
        _scan(scanner, where, reply)
    assert seen >= set(WAYS)  # each was really there, not only asked for
    for where, reply in _walked(app, app.test_client(), crowd):
        _scan(scanner, where, reply)
    clerk = sign_in(app.test_client(), crowd.build.account("hall_clerk"))
    for address in IN_THE_HALL:
        _scan(scanner, address, clerk.get(address.format(crowd.hall.id)))
    facts = db.session.scalars(select(Certificate.facts)).all()
    assert len(facts) == COUNT - 1  # one objection is still open
    scanner.scan("certificates", json.dumps(facts, ensure_ascii=False))
    own = {one for one in scanner.found if one.key < 0}
    assert scanner.found - own == set()
    assert all("/objections/" in one.where for one in own)
    assert scanner.rebuildable() == {}


def _prove_that_they_could_be(client: FlaskClient, crowd: Crowd, today: Any) -> None:
    """What could leak is there: stored, masked for staff, and everybody stands in public lists."""
    rows = db.session.execute(select(Person.id, Person.id_number, Person.phone))
    stored = {row[0]: (row[1], row[2]) for row in rows}
    known = {one.key: one for one in crowd.secrets if one.key > 0}
    assert len(known) >= COUNT
    assert {key: (one.id_number, one.phone) for key, one in known.items()} == stored
    cards = db.session.execute(select(BankAccount.person_id, BankAccount.number))
    assert dict(cards.all()) == {one.key: one.card for one in known.values() if one.card}
    listed = [notices_lists.public_results(one.id) for one in (crowd.contest, crowd.story.contest)]
    public = [winner for lists in listed for one in lists for winner in one.winners]
    assert sorted(one.name for one in public) == sorted(facts.name for facts, _ in crowd.people)
    staff = sign_in(client, crowd.build.account("bureau_staff"))
    page = staff.get("/people").text
    shown = [one for one in known.values() if mask_id(one.id_number) in page]
    assert len(shown) >= 20
    scanner = Scanner(shown, today)
    found = {one.kind for one in scanner.scan("/people", page)}
    assert "id masked" in found and "id" not in found
    assert scanner.rebuildable() == {}


def test_words_of_objectors_and_mail_addresses_stay_in(
    app: Flask, build: Builder, clock: Any
) -> None:
    clock.now = AFTER
    crowd = Crowd(build, 70, events=1)
    for where, reply in _get_all(app.test_client(), crowd):
        if "/objections/" in where:
            continue  # the objector's own pages, under a code that nobody else has
        for place, text in texts_of(_looked_at(reply), where):
            assert OBJECTOR not in text and MAIL not in text, place


def test_a_leak_in_a_page_would_be_seen(
    app: Flask, build: Builder, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole chain, with a page that says too much."""
    clock.now = AFTER
    crowd = Crowd(build, 70, events=1)

    def careless() -> str:
        person = db.session.scalars(select(Person)).first()
        assert person is not None
        return f"<td>{person.name}</td><td>{person.birth_date:%Y年%m月%d日}</td>"

    monkeypatch.setitem(app.view_functions, "notices.list_notices", careless)
    scanner = Scanner(crowd.secrets, AFTER.date())
    for where, reply in _get_all(app.test_client(), crowd):
        _scan(scanner, where, reply)
    assert {(one.kind, one.key) for one in scanner.found if one.key > 0} == {
        ("birth", crowd.ids[0])
    }
