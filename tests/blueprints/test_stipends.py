"""Pages of stipends and payment series, clicked through by those whose work they are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.accounts import Account
from models.database import db
from models.payouts import BankAccount, PayoutOrder, PayoutSeries
from models.stipends import OtherTraining, StipendCase, StipendRun, StipendScale
from rules.mentorships import MentorshipState
from rules.stipend_scales import BreakOff, Factor, Scale, Success
from rules.stipends import RunState, ScaleState
from services import stipends_scales
from tests.builders import Builder, sign_in
from tests.stipend_story import JUNE, START, StipendStory

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def story(build: Builder) -> StipendStory:
    """A city with a scale of many parts."""
    scale = Scale(
        title="慈溪市导师津贴办法",
        starts_on=START,
        monthly=200,
        success=Success(amount=2000),
        factors=(Factor(factor="1.30", from_on=START, to_on=JUNE),),
        mentor_year_cap=10000,
        break_off=BreakOff.CASE,
    )
    return StipendStory(build, scale)


def become(client: FlaskClient, story: StipendStory, role: str, name: str = "") -> Account:
    """Sign in as one of those who act."""
    story.who(role, name)
    account = story._accounts[f"{role}{name}"]
    client.post("/sign-out")
    sign_in(client, account)
    return account


def press(client: FlaskClient, address: str, **more: Any) -> None:
    """Send a button's form."""
    answer = client.post(address, data=more)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]


def test_a_run_is_clicked_from_evidence_to_the_payment_order(
    client: FlaskClient, story: StipendStory, build: Builder
) -> None:
    pair = story.pair()
    become(client, story, "bureau_staff")
    assert "慈溪市导师津贴" in client.get("/stipends").get_data(as_text=True)
    page = f"/stipend-series/{story.series_id}/runs/new"
    assert client.get(page).status_code == 200
    assert client.post(page, data={}).status_code == 422
    press(client, page, until="2025-06-30")
    run = db.session.scalars(select(StipendRun)).one()
    here = f"/stipends/{run.id}"
    text = client.get(here).get_data(as_text=True)
    assert "1,560" in text
    assert "系数 1.3" in text
    become(client, story, "bureau_staff", "second")
    press(client, f"{here}/check")
    become(client, story, "approver")
    answer = client.post(f"{here}/send-back", data={"reason": ""})
    assert answer.status_code == 422
    press(client, f"{here}/approve")
    become(client, story, "payer")
    press(client, f"{here}/order")
    db.session.refresh(run)
    assert run.state is RunState.ORDERED
    desk = f"/payout-series/{story.series_id}"
    assert "尚未登记收款账户" in client.get(f"{desk}/orders/new").get_data(as_text=True)
    account = f"{desk}/payees/person/{pair.mentor_id}"
    assert client.get(account).status_code == 200
    assert client.get(f"{desk}/payees/person/999999").status_code == 404
    number = "6228480402564890018"
    typed = {"kind": "card", "holder": pair.mentor.name, "number": number, "again": number}
    press(client, account, **typed, bank="慈溪农商行", paper="收款信息表")
    assert db.session.scalars(select(BankAccount)).one().person_id == pair.mentor_id
    total = db.session.scalars(select(StipendRun)).one()
    assert total.id == run.id
    share = client.get(f"{desk}/orders/new").get_data(as_text=True)
    assert 'name="share"' in share
    key = share.split('name="share" value="')[1].split('"')[0]
    press(client, f"{desk}/orders/new", share=key)
    order = db.session.scalars(select(PayoutOrder)).one()
    text = client.get(f"/payouts/{order.id}").get_data(as_text=True)
    assert "慈溪市导师津贴" in text
    assert "1,560" in text
    for page in ("/payouts", "/payout-series", desk, "/recoveries", "/desk", "/payout-taxes"):
        assert client.get(page).status_code == 200, page
    press(client, f"/payouts/{order.id}/submit")
    become(client, story, "approver")
    press(client, f"/payouts/{order.id}/approve")
    become(client, story, "payer")
    paper = client.get(f"/payouts/{order.id}/paper")
    assert paper.data.startswith(b"%PDF")
    assert client.post(f"/payouts/{order.id}/batch", data={"form": "csv"}).status_code == 200
    mentor = build.account("contestant", person_id=pair.mentor_id)
    client.post("/sign-out")
    sign_in(client, mentor)
    own = client.get("/my-stipends").get_data(as_text=True)
    assert "1,560" in own
    assert client.get("/my-bank-account").status_code == 200
    assert client.get(here).status_code == 403


def test_a_run_is_cancelled_with_a_reason(client: FlaskClient, story: StipendStory) -> None:
    story.pair()
    run = story.prepared()
    become(client, story, "bureau_staff")
    assert client.post(f"/stipends/{run}/cancel", data={"reason": ""}).status_code == 422
    press(client, f"/stipends/{run}/cancel", reason="凭据未齐")
    assert client.get(f"/stipends/{run}/evidence").status_code == 200
    assert client.get(f"/stipends/{run}?q=无此人").status_code == 200


def test_a_scale_is_copied_changed_and_approved(client: FlaskClient, story: StipendStory) -> None:
    become(client, story, "bureau_staff")
    page = f"/stipend-series/{story.series_id}/scales/new"
    text = client.get(page).get_data(as_text=True)
    assert 'value="10000.00"' in text
    typed = {
        "title": "新办法",
        "starts_on": "2026-01-01",
        "monthly": "260",
        "success": "3000",
        "counts": ["level", "acceptance"],
        "level": "3",
        "within_years": "3",
        "once_per": "pair",
        "combine": "max",
        "factors-0-factor": "1.3",
        "factors-0-from_on": "2026-01-01",
        "factors-0-to_on": "2026-06-30",
        "subsidy_4": "5000",
        "without_certificate": "4000",
        "subsidy_advance": "1000",
        "applies_to": ["subsidy"],
        "kinds": ["pre_job"],
        "trainings_a_year": "3",
        "same_level_once": "y",
        "break_off": "full",
        "negatives": "offset",
        "rounding": "fen",
    }
    half = typed | {"factors-1-factor": "2"}
    assert "系数须填写" in client.post(page, data=half).get_data(as_text=True)
    bad = typed | {"factors-0-to_on": "2025-06-30"}
    assert client.post(page, data=bad).status_code == 422
    press(client, page, **typed)
    stored = db.session.scalars(select(StipendScale).order_by(StipendScale.id.desc())).first()
    assert stored is not None
    scale = stipends_scales.scale_of(stored)
    assert (scale.monthly, scale.factor_on(date(2026, 6, 30))) == (260, scale.factors[0].factor)
    assert scale.apprenticeship is not None
    assert scale.apprenticeship.for_level(4) == 5000
    here = f"/stipend-scales/{stored.id}"
    assert client.get(here).status_code == 200
    press(client, f"{here}/approve")
    db.session.refresh(stored)
    assert stored.state is ScaleState.DRAFT
    become(client, story, "bureau_staff", "second")
    press(client, f"{here}/approve")
    db.session.refresh(stored)
    assert stored.state is ScaleState.APPROVED
    assert "新办法" in client.get("/stipend-scales").get_data(as_text=True)
    # The next one begins with all that this one says.
    text = client.get(page).get_data(as_text=True)
    assert 'value="260.00"' in text
    assert 'value="5000.00"' in text
    press(client, page, **(typed | {"starts_on": "2026-07-01"}))
    newest = db.session.scalars(select(StipendScale.id).order_by(StipendScale.id.desc())).first()
    press(client, f"/stipend-scales/{newest}/withdraw")


def test_other_trainings_and_cases_have_their_pages(
    client: FlaskClient, story: StipendStory
) -> None:
    pair = story.pair()
    become(client, story, "bureau_staff")
    page = "/subsidised-trainings"
    assert client.get(page).status_code == 200
    typed = {
        "number": "没有",
        "kind": "pre_job",
        "occupation": "焊工",
        "level": "4",
        "held_on": "2025-03-03",
        "source": "名单",
    }
    assert client.post(page, data=typed).status_code == 422
    press(client, page, **(typed | {"number": pair.number}))
    made = db.session.scalars(select(OtherTraining)).one()
    assert made.person_id == pair.apprentice_id
    assert client.get(page).status_code == 200
    press(client, f"{page}/{made.id}/withdraw")
    assert client.get("/stipend-cases").status_code == 200
    story.end(pair, MentorshipState.BROKEN_OFF, date(2025, 8, 1))
    assert pair.number in client.get("/stipend-cases").get_data(as_text=True)
    decided = {"pair": str(pair.id), "percent": "50", "reason": "徒弟离职"}
    assert client.post("/stipend-cases", data=decided | {"reason": ""}).status_code == 422
    press(client, "/stipend-cases", **decided)
    case = db.session.scalars(select(StipendCase)).one()
    become(client, story, "bureau_staff", "second")
    press(client, f"/stipend-cases/{case.id}/agree")
    assert "50" in client.get("/stipend-cases").get_data(as_text=True)


def test_a_series_is_opened_and_closed(client: FlaskClient, story: StipendStory) -> None:
    become(client, story, "payer")
    page = "/payout-series/new"
    typed = {"title": "工作室补助", "code": "GZS", "kind": "grants", "treatment": "withheld"}
    assert client.get(page).status_code == 200
    assert client.post(page, data=typed | {"treatment": "exempt"}).status_code == 422
    assert client.post(page, data=typed | {"employer": "没有这个单位"}).status_code == 422
    press(client, page, **typed, ceiling="100000")
    made = db.session.scalars(select(PayoutSeries).order_by(PayoutSeries.id.desc())).first()
    assert made is not None
    here = f"/payout-series/{made.id}"
    assert "100,000" in client.get(here).get_data(as_text=True)
    assert client.get(f"{here}/orders/new").status_code == 200
    assert client.post(page, data=typed | {"title": "又一个", "code": "X"}).status_code == 422
    press(client, f"{here}/close")
    db.session.refresh(made)
    assert made.closed_at is not None


def test_the_statements_of_pages_do_not_grow(
    client: FlaskClient, story: StipendStory, statements: Statements
) -> None:
    counts: dict[str, list[int]] = {}
    for number in (1, 3):
        for _ in range(number):
            story.bank(story.pair().mentor_id)
        until = date(2025, 6, 30) if number == 1 else date(2025, 12, 31)
        run = story.ordered(until)
        become(client, story, "bureau_staff")
        pages = {
            "run": f"/stipends/{run}",
            "runs": "/stipends",
            "scales": "/stipend-scales",
            "scale": "/stipend-scales/1",
            "evidence": f"/stipends/{run}/evidence",
            "series": f"/payout-series/{story.series_id}",
            "all series": "/payout-series",
        }
        for name, page in pages.items():
            with statements() as seen:
                client.get(page)
            counts.setdefault(name, []).append(len(seen))
        become(client, story, "payer")
        with statements() as seen:
            client.get(f"/payout-series/{story.series_id}/orders/new")
        counts.setdefault("desk", []).append(len(seen))
    for name, (few, many) in counts.items():
        assert few == many, name
        assert many <= 20, (name, many)
