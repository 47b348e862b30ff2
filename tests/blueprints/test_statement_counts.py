"""No page sends more statements when there are more rows, and none more than twenty."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.people import Employer
from models.works import Work
from rules.appeals import Effect as RulingEffect
from rules.appeals import Filer, Kind, Outcome
from rules.certificate_layouts import Typeface
from rules.states import EntryState
from rules.violations import Effect
from services import (
    appeals,
    appeals_rulings,
    attachments,
    boards,
    calendars,
    contests,
    control_memory,
    demo_scenes,
    documents,
    entries_imports,
    violations,
)
from services.acting import system
from services.appeals import Filing
from services.appeals_rulings import Decided
from services.attachments import Upload
from services.demo_accounts import DEMO_ACCOUNTS, add_demo_accounts, bind_account
from services.demo_events import SKETCHES
from services.demo_halls import run_hall
from services.demo_judges import fill_pool
from services.demo_marks import OPEN, SIGNED, STARTED, SheetOfSeat
from services.demo_people import add_employers
from services.demo_stages import (
    Group,
    Stage,
    add_contest,
    add_group,
    close_notice,
    compute,
    enter_person,
    hold,
    issue,
    post_notice,
    seat_panel,
    sign,
)
from services.draws import draw
from services.entries import Standing
from services.entries_rows import columns
from services.workbooks_writing import write_table
from tests.builders import PASSWORD, Builder
from tests.conftest import NOON, Browser
from tests.crawl import WAYS_BACK, Walk, enter, get_endpoints, walk

MOST = 20
FOLLOWED = 16  # so many addresses of an endpoint: all states of both editions
FEW, MANY = 1, 3
# The second edition has its own of all these; those of the first were counted before it was there.
OF_EDITION = re.compile(r"/(contests|events|entries|sheets|notices|appeals|certificates)/\d")
# No panel meets in the story; test_selection_reviews_meetings counts these.
MET_FOR_SELECTION = {
    "selection_reviews_meetings.edit_meeting",
    "selection_reviews_meetings.edit_visit",
    "selection_reviews_meetings.list_ballots",
    "selection_reviews_meetings.list_meetings",
    "selection_reviews_meetings.list_visits",
    "selection_reviews_meetings.open_ballot",
    "selection_reviews_meetings.record_meeting",
    "selection_reviews_meetings.record_visit",
    "selection_reviews_meetings.show_ballot",
    "selection_reviews_meetings.show_meeting",
    "selection_reviews_meetings.show_pairs",
    "selection_reviews_meetings.show_visit",
    "selections.quota_template",  # an empty spreadsheet
}
# Nobody scans in the story; test_papers counts these.
SCANNED = {"papers.page_image", "papers.show_page", "papers.show_scan"}
# The story draws openly; test_layers counts the page of layers, the others are its parts.
SEALED = {
    "layers.seal",
    "layers.witness",
    "layers.open_layer",
    "layers.reset",
}
# The scripts of a judge's device ask for these; test_judging_syncing looks at them. Receipts come
# from signing, which the story does not do; test_judging_syncing looks at their pages too.
DEVICES = {"judging.queue_key", "judging.list_kept", "judging.worker"}
RECEIPTS = {"judging.show_receipt", "judging.download_receipt"}
# Only an event in stages, or one with a tie that must be decided, has these pages; the story has
# neither. test_judging_stages counts theirs.
IN_STAGES = {"judging.next_stage", "judging.end_early"}
TIED = {"results.show_ties", "results.withdraw_decision"}
# Only an edition with a chain of signatures, or an event with two revisions, has these; their
# statements are counted in test_signoffs.
SIGNED_OFF = {
    "results.correction_letters",
    "results.show_changes",
    "signoffs.check_letter",
    "signoffs.compare",
    "signoffs.send_back",
}
# Only marks that lie apart have an alarm to put aside, and only a script asks what changed:
# test_control counts the room's statements.
BY_CHANCE = {"control.dismiss"}
BY_SCRIPT = {"control.changes", "boards.board_data"}
# The story ends before levels are listed: test_levels counts these pages.
LISTED = {
    "levels.edit_layout",
    "levels.list_returns",
    "levels.settle",
    "levels.show_list",
    "levels.show_return",
}
# The story makes no document and uploads no template: test_documents counts these pages.
DOCUMENTED = {
    "documents.download_pdf",
    "documents.download_template",
    "documents.download_word",
    "documents.preview_template",
    "documents.show_document",
}
# Read by programs, or there once a key is made: test_statements looks at them.
STATED = {
    "statements.badge",
    "statements.issuer",
    "statements.key_set",
    "statements.status_list",
}
# All is issued in the story, and nobody is called by hand: test_issuing and
# test_certificates_kinds count these pages; a sample is the page of one certificate.
ISSUED = {
    "certificates.list_appointments",
    "issuing.choose_events",
    "issuing.sample",
    "issuing.show_progress",
}
# Nobody of the story designs a certificate or uploads a seal: test_designs counts these pages.
DESIGNED = {
    "designs.design",
    "designs.download_seal",
    "designs.picture",
    "designs.preview_seal",
    "designs.sample_sheet",
    "designs.show_design",
    "designs.version_picture",
}
# The story ends before prizes are ordered: test_payouts counts these pages.
PAID = {
    "payouts.change_line",
    "payouts.edit_layout",
    "payouts.enter_employer_account",
    "payouts.list_returns",
    "payouts.order_paper",
    "payouts.recovery_letter",
    "payouts.show_order",
    "payouts.show_recovery",
    "payouts.show_return",
}
# Nobody of the story objects; their pages are small and about one objection.
OBJECTED = {
    "objections.follow",
    "objections.letter",
    "objections.open_file",
    "objections.own_answer",
    "objections.own_file",
    "objections.own_receipt",
    "objections.show_objection",
}
# The story has no selection: test_selections counts these pages.
SELECTIONS = {
    "selections.create_round",
    "selections.edit_clause",
    "selections.edit_programme",
    "selections.edit_section",
    "selections.rename_round",
    "selections.round_feed",
    "selections.show_board",
    "selections.show_bodies",
    "selections.show_programme",
    "selections.show_public",
    "selections.show_round",
    "selections.show_version",
    "selections.try_rules",
}
# Nobody of the story leads a workshop: test_directories and test_workshops count these pages.
WORKSHOPS = {
    "directories.show_workshop",
    "workshops.apply_step_up",
    "workshops.edit_application",
    "workshops.fill_sheet",
    "workshops.open_file",
    "workshops.propose_successor",
    "workshops.report_change",
    "workshops.show_application",
    "workshops.show_assessment",
    "workshops.show_import",
    "workshops.show_policy",
    "workshops.show_report",
    "workshops.show_round",
    "workshops.show_workshop",
    "workshops.write_report",
}
# Nobody of the story has saved a figure: blueprints/test_reports counts these pages.
FIGURES = {
    "reports.edit_figure",
    "reports.edit_reply",
    "reports.reply_changes",
    "reports.reply_file",
    "reports.show_figure",
    "reports.show_frozen",
    "reports.show_reply",
}
# Nobody of the story applies in a selection: test_selection_applications counts these pages.
APPLIED = {
    "selection_applications.apply",
    "selection_applications.edit",
    "selection_applications.open_file",
    "selection_applications.print_paper",
    "selection_applications.show",
    "selection_applications.submit",
}
# The story holds no selection: blueprints/test_selection_reviews counts these pages.
REVIEWED_FOR_SELECTION = {
    "selection_reviews.fill_sheet",
    "selection_reviews.list_sheets",
    "selection_reviews.show_proposal",
    "selection_reviews.show_review",
}
# The story holds no selection: blueprints/test_selection_checks counts these pages.
CHECKED_FOR_SELECTION = {
    "selection_checks.ask_opinions",
    "selection_checks.compare",
    "selection_checks.import_applications",
    "selection_checks.import_template",
    "selection_checks.letter_paper",
    "selection_checks.list_doubles",
    "selection_checks.list_letters",
    "selection_checks.open_file",
    "selection_checks.ranking_paper",
    "selection_checks.ranking_table",
    "selection_checks.show_import",
    "selection_checks.show_letter",
    "selection_checks.show_opinion",
    "selection_checks.show_ranking",
    "selection_checks.show_step",
}
# The story sends nobody to the province: blueprints/test_provincial* count these pages.
ABOVE_THE_CITY = {
    "provincial.change_entry",
    "provincial.download_blank",
    "provincial.download_contacts",
    "provincial.download_form",
    "provincial.download_layout",
    "provincial.edit_camp",
    "provincial.edit_contest",
    "provincial.edit_event",
    "provincial.edit_rules",
    "provincial.edit_standings",
    "provincial.enter_test",
    "provincial.list_camps",
    "provincial.list_files",
    "provincial.open_file",
    "provincial.print_passes",
    "provincial.record_result",
    "provincial.show_camp",
    "provincial.read_results",
    "provincial.results_file",
    "provincial.results_template",
    "provincial.show_contest",
    "provincial.show_delegation",
    "provincial.show_event",
    "provincial.show_form",
    "provincial.show_prizes",
    "provincial.show_public",
    "provincial.show_results",
    "provincial.show_rules",
    "provincial.show_slot",
    "provincial.show_standings",
    "provincial.tick_day",
    "provincial.show_intake",
    "provincial.show_import",
}
# No list of past years is read in the story: blueprints/test_histories counts these pages.
READ_IN = {"histories.choose_columns", "histories.show_list"}
# The editions of the story have no chain of notices: test_notices counts these pages.
CHAINED = {"notices.list_chain", "notices.open_proof", "notices.record_proof"}
# Behind a code, a consent or a chosen contest; test_deliveries looks at these.
DELIVERED = {
    "deliveries.badge",
    "deliveries.choose_print",
    "deliveries.contest_archive",
    "deliveries.enter",
    "deliveries.fetch",
    "deliveries.fetch_all",
    "deliveries.mail",
    "deliveries.print_file",
}
# Nobody of the story is paid for teaching: test_stipends counts these pages.
SETTLED = {
    "payouts.enter_series_account",
    "payouts.prepare_series",
    "payouts.show_series",
    "stipends.compare_evidence",
    "stipends.draft_scale",
    "stipends.prepare",
    "stipends.show_run",
    "stipends.show_scale",
}
# Nobody of the story teaches anybody: test_mentorships counts these pages.
TAUGHT = {
    "mentorships.agreement_paper",
    "mentorships.edit",
    "mentorships.milestone_file",
    "mentorships.propose_amendment",
    "mentorships.record_acceptance",
    "mentorships.show_class",
    "mentorships.show_import",
    "mentorships.show_pair",
    "mentorships.transfer",
}
# Nobody of the story is named for a title above the city: test_nominations counts these pages.
NOMINATED = {
    "nominations.download_blank",
    "nominations.download_form",
    "nominations.download_sample",
    "nominations.edit_call",
    "nominations.edit_candidate",
    "nominations.edit_clause",
    "nominations.edit_list",
    "nominations.open_file",
    "nominations.open_sent",
    "nominations.preview_pack",
    "nominations.print_notice",
    "nominations.propose",
    "nominations.record_outcome",
    "nominations.show_call",
    "nominations.show_fields",
    "nominations.show_nomination",
    "nominations.suggest",
}
# Nobody of the story is chosen in a selection: test_selection_holders counts these pages.
TITLED = {
    "selection_holders.decide_round",
    "selection_holders.record_benefit",
    "selection_holders.show_holder",
    "selection_holders.show_list",
    "selection_holders.show_report",
    "selection_holders.write_report",
}
OFFICIAL = Standing(is_official=True)
Counts = dict[tuple[str, str], tuple[int, str]]
Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """An office with its accounts, an employer and schools, but no contest."""
    stage = Stage(NOON, Random(5), str)
    calendars.seed(system(NOON))
    stage.accounts = add_demo_accounts(system(stage.start), hash_password(PASSWORD))
    fill_pool(stage.by("organizer", -440), stage.accounts)
    stage.employers = add_employers(stage.by("organizer", -440), stage.random, 9)
    stage.judges = [stage.accounts[f"judge{number}"] for number in range(1, 6)]
    bind_account(stage.by("admin", -440), stage.accounts["employer"], stage.employers[8])
    return stage


def play(stage: Stage, code: str, count: int) -> str:
    """Play an edition with an event in each state, so many rows in each; return its import."""
    dates = (-90, 3, -40, 30)
    facts = demo_scenes._facts(stage, code, f"第{code}届竞赛", 2026, dates, "")
    held = [21, 1, 0, -8, -9, -30, -31]
    ids = add_contest(stage, facts, list(zip(SKETCHES, held, strict=False)), -95)
    open_to_readers(ids[0])
    entering, drawn, scoring, review, signed, posted, final = ids
    by, contest_id = stage.by("organizer", -60), contests.get_event(final).contest_id
    for event_id in ids:
        add_group(stage, by, event_id, Group(count))
        add_group(stage, by, event_id, Group(count, is_student=True))
    be_over(stage, final, -31, -29)
    be_over(stage, posted, -30, -3)
    hold(stage, signed, -9)
    sign(stage, compute(stage, signed, -9), -5)
    hold(stage, review, -8)
    compute(stage, review, -8)
    hold(stage, scoring, 0, progress=half_way)
    run_hall(stage, scoring)
    record_breaches(stage, scoring, count)
    seat_panel(stage, by, drawn)
    draw(stage.by("organizer", -1), drawn, early=True)
    for state in (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.REJECTED):
        add_group(stage, by, entering, Group(count, state))
    appeal(stage, scoring, count)
    winner = demo_scenes.bind_winner(stage, final)
    enter_person(stage, stage.by("winner", -2), entering, winner)
    for event_id in (scoring, review):  # drawn once for all readers, not for each page
        boards.board_state(event_id, NOON)
    return upload(stage, contest_id, entering, count)


def record_breaches(stage: Stage, event_id: int, count: int) -> None:
    """Record so many breaches with evidence."""
    folder = current_app.config["SETTINGS"].instance_dir
    query = select(Work.code).where(Work.event_id == event_id).order_by(Work.id).limit(count)
    for code in db.session.scalars(query).all():
        violations.record_violation(
            stage.by("chief", 0), event_id, code, Effect.WARNING, "迟到",
            evidence=b"%PDF-1.7", folder=folder,
        )  # fmt: skip


def be_over(stage: Stage, event_id: int, days: int, notice: int) -> None:
    """Bring an event to its notice, and behind it when there was time for that."""
    hold(stage, event_id, days)
    sign(stage, compute(stage, event_id, days), days + 1)
    contest_id = contests.get_event(event_id).contest_id
    notice_id = post_notice(stage, contest_id, stage.weekday(notice), "公示")
    if notice < -20:
        close_notice(stage, notice_id)
        issue(stage, contest_id, -15)


def open_to_readers(event_id: int) -> None:
    """Let the edition have a live board, and contestants see how their result came about."""
    contest = contests.get_event(event_id).contest
    rules = contests.rules_of(contest)
    day = rules.day.model_copy(update={"board": "live", "own_chain": True})
    contest.rules = rules.model_copy(update={"day": day}).model_dump(mode="json")
    db.session.commit()


def appeal(stage: Stage, event_id: int, count: int) -> None:
    """Let so many entries appeal, each with a file, and the group answer them."""
    organizer, member = stage.by("organizer", 0), stage.by("arbitrator", 0)
    folder = current_app.config["SETTINGS"].files_dir
    query = select(Entry.id).where(Entry.event_id == event_id).order_by(Entry.id).limit(count)
    filing = Filing(
        Kind.EQUIPMENT, "主轴在比赛中停转，已更换。", "补时", Filer.PAPER, organizer.now
    )
    for entry_id in db.session.scalars(query).all():
        key = appeals.file_appeal(organizer, entry_id, filing)
        attachments.attach(organizer, key, Upload("a.pdf", b"%PDF-1.7"), folder)
        appeals_rulings.take(member, key)
        appeals_rulings.cast_vote(member, key, Outcome.UPHELD)
        decided = Decided("设备故障属实，予以补时。", RulingEffect.TIME, "补时10分钟")
        appeals_rulings.rule(member, key, decided)


def half_way(sheet: SheetOfSeat) -> str:
    """Let judges stand at different places."""
    return (SIGNED, STARTED, OPEN)[(sheet.seat + sheet.place) % 3]


def upload(stage: Stage, contest_id: int, event_id: int, count: int) -> str:
    """Upload a spreadsheet with so many good rows and as many bad ones."""
    by, contest = stage.by("organizer", 0), contests.get_contest(contest_id)
    good = {"event": contests.get_event(event_id).title, "division": "职工组", "name": "陈一凡"}
    rows: list[dict[str, Any]] = [
        good | {"id_number": person.id_number, "phone": "19900001111", "employer": f"新{number}厂"}
        for number, person in enumerate(stage.people.take(count))
    ]
    data = write_table(columns(True, True), [*rows, *[good | {"phone": "1"}] * count], "报名")
    read = entries_imports.read_upload(contest, OFFICIAL, data, "a.xlsx", by.today, True)
    return f"/imports/{entries_imports.preview(by, contest_id, OFFICIAL, read)}"


@pytest.fixture
def count_all(
    app: Flask, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Counts]:
    """Let everybody open all pages; give the most statements of each endpoint and where."""
    app.test_client_class = Browser
    # All facts of a paper are read and its template filled; only setting the type is left out.
    monkeypatch.setattr(documents, "_render", lambda *_page, **_how: b"%PDF-1.7")
    baselines = b"1 0 0 -1 0 125 Tm\n" * len(Typeface)
    monkeypatch.setattr(documents, "drawn_page", lambda *_page: (baselines, b"<<>>"))

    def around(get: Callable[[], Any]) -> tuple[Any, int]:
        control_memory.forget()  # a process that starts anew asks most
        with statements() as seen:
            reply = get()
        return reply, len(seen)

    counted: set[tuple[str, str]] = set()

    def walk_as(who: str, client: FlaskClient, starts: list[str]) -> Walk:
        before = {url for one, url in counted if one == who and OF_EDITION.match(url)}
        seen = walk(app, client, starts, FOLLOWED, around, lambda url: url not in before)
        counted.update((who, page.url) for page in seen)
        return seen

    def count(*more: str) -> Counts:
        found: Counts = {}
        for one in DEMO_ACCOUNTS:
            if one.username not in {"judge2", "judge3", "judge4", "judge5"}:
                enter(client := app.test_client(), one.username, PASSWORD)
                starts = ["/desk", *more] if one.username == "organizer" else ["/desk"]
                note(found, one.role, walk_as(one.username, client, starts))
        note(found, "visitor", walk_as("visitor", app.test_client(), ["/"]))
        return found

    return count


def note(found: Counts, who: str, seen: Walk) -> None:
    """Keep the page of each endpoint that sent most statements."""
    for page in seen:
        assert page.status < 400, (who, page.url, page.status)
        if page.endpoint in BY_CHANCE:
            continue
        key = (who, page.endpoint)
        found[key] = max(found.get(key, (0, "")), (page.extra, page.url))


def grown(few: Counts, many: Counts) -> list[str]:
    """Name the pages that sent more statements for more rows."""
    return [
        f"{who} {endpoint}: {few[who, endpoint]} became {most, url}"
        for (who, endpoint), (most, url) in many.items()
        if most > few[who, endpoint][0]
    ]


def test_more_rows_need_no_more_statements(
    app: Flask, stage: Stage, count_all: Callable[..., Counts]
) -> None:
    few = count_all(play(stage, "A", FEW))
    many = count_all(play(stage, "B", MANY))
    assert grown(few, many) == []
    assert [page for page in many.items() if page[1][0] > MOST] == []
    unseen = get_endpoints(app) - {endpoint for _, endpoint in many}
    assert unseen == {
        "accounts.activate",
        "certificates.check",
        "certificates.preflight",  # all is issued in the story; test_certificates counts it
        "certificates.sample",
        "halls.show_evidence",  # nobody of the story breaks a rule
        "halls.screen_data",  # the screen itself asks for it; test_halls_turns counts it
        *WAYS_BACK,
        *SCANNED,
        *IN_STAGES,
        *LISTED,
        *DOCUMENTED,
        *DELIVERED,
        *TAUGHT,
        *NOMINATED,
        *TITLED,
        *SETTLED,
        *DESIGNED,
        *ISSUED,
        *STATED,
        *OBJECTED,
        *SELECTIONS,
        *WORKSHOPS,
        *APPLIED,
        *FIGURES,
        *CHAINED,
        *CHECKED_FOR_SELECTION,
        *ABOVE_THE_CITY,
        *READ_IN,
        *REVIEWED_FOR_SELECTION,
        *MET_FOR_SELECTION,
        *PAID,
        *TIED,
        *SEALED,
        *SIGNED_OFF,
        *BY_CHANCE,
        *BY_SCRIPT,
        *DEVICES,
        *RECEIPTS,
    }


def test_a_page_that_asks_row_by_row_is_found(
    app: Flask,
    stage: Stage,
    build: Builder,
    count_all: Callable[..., Counts],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wasteful() -> str:
        for employer_id in db.session.scalars(select(Employer.id)).all():
            db.session.get(Employer, employer_id)
        return ""

    monkeypatch.setitem(app.view_functions, "people.list_employers", wasteful)
    few = count_all()
    build.employer()
    assert any("people.list_employers" in line for line in grown(few, count_all()))
