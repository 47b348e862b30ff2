"""The page of an edition's certificate numbers."""

from flask.testing import FlaskClient

from models.contests import Contest
from models.database import db
from rules.numbering_schemes import NumberPart, SerialScope
from services import contests
from tests.builders import Builder, sign_in

_YEARLY = {
    "part_1": "year",
    "part_2": "serial",
    **{f"part_{place}": "" for place in range(3, 8)},
    "separator": "nothing",
    "serial_width": "6",
    "scope": "year",
}


def _typed(contest: Contest, **more: str) -> dict[str, str]:
    return _YEARLY | {"version": str(contest.version)} | more


def test_a_scheme_is_shown_by_example_and_saved(client: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    sign_in(client, build.account("organizer", contest.id))
    address = f"/contests/{contest.id}/certificate-numbers"
    assert f"JN-{contest.year}-" in client.get(address).text
    look = client.post(address, data=_typed(contest, example="1"))
    assert look.status_code == 200 and f"{contest.year}000001" in look.text
    typed = _typed(contest, sample_by_other="y")
    assert client.post(address, data=typed).status_code == 303
    db.session.expire_all()
    rules = contests.rules_of(db.session.get_one(Contest, contest.id))
    scheme = rules.certificate_numbers
    assert scheme.parts == (NumberPart.YEAR, NumberPart.SERIAL, NumberPart.CHECK)
    assert (scheme.separator, scheme.serial_width, scheme.scope) == ("", 6, SerialScope.YEAR)
    assert rules.sample_by_other
    stale = client.post(address, data=_typed(contest, serial_width="5", version="0"))
    assert stale.status_code == 422
    page = client.get(f"/contests/{contest.id}").text
    assert "年度 · 流水号 · 校验码" in page


def test_a_scheme_that_cannot_work_is_refused_where_it_was_typed(
    client: FlaskClient, build: Builder
) -> None:
    contest = build.contest()
    sign_in(client, build.account("organizer", contest.id))
    address = f"/contests/{contest.id}/certificate-numbers"
    for more in ({"scope": "event"}, {"part_2": ""}, {"serial_width": "9"}, {"part_1": "serial"}):
        assert client.post(address, data=_typed(contest, **more)).status_code == 422
    look = client.post(address, data=_typed(contest, scope="event", example="1"))
    assert look.status_code == 422


def test_the_edition_form_keeps_the_scheme(client: FlaskClient, build: Builder) -> None:
    contest = build.contest()
    sign_in(client, build.account("organizer", contest.id))
    client.post(f"/contests/{contest.id}/certificate-numbers", data=_typed(contest))
    page = client.get(f"/contests/{contest.id}/edit")
    assert page.status_code == 200
    db.session.expire_all()
    fresh = db.session.get_one(Contest, contest.id)
    assert contests.rules_of(fresh).certificate_numbers.serial_width == 6
