"""A run of certificates by the buttons of its page, for tests."""

from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.database import db
from models.issuing import IssueLine, IssueRun


def press(client: FlaskClient, address: str, **fields: str) -> str:
    """Press a button; return the address of the page to which it leads."""
    reply = client.post(address, data=fields)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["Location"])


def issue_all(client: FlaskClient, contest_id: int) -> str:
    """Issue all certificates of a contest; return the address of the run."""
    run = press(client, f"/contests/{contest_id}/certificates/runs")
    press(client, f"{run}/approve", seen="y")
    press(client, f"{run}/start")
    return run


def press_all(client: FlaskClient, contest_id: int) -> None:
    """Try to get certificates by every button: as all are, then without those who are blocked."""
    client.post(f"/contests/{contest_id}/certificates/runs")
    press_on(client)


def press_on(client: FlaskClient) -> None:
    """Press every further button of the last run, if one was begun."""
    number = db.session.scalar(select(func.max(IssueRun.id)))
    if number is None:
        return
    run = f"/certificates/runs/{number}"
    _issue(client, run)
    lines = db.session.scalars(select(IssueLine).order_by(IssueLine.position)).all()
    blocked = [line.id for line in lines if line.problems]
    client.post(f"{run}/leave-out", data={"lines": blocked, "reason": "异议处理中"})
    _issue(client, run)


def _issue(client: FlaskClient, run: str) -> None:
    client.post(f"{run}/approve", data={"seen": "y"})
    client.post(f"{run}/start")
