"""A run of certificates by the buttons of its page, for tests."""

from flask.testing import FlaskClient


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
