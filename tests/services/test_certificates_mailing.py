"""Mails to winners: one each, a link, and who was not reached."""

import pytest
from sqlalchemy import select

from models.database import db
from models.messages import Message
from rules.messages import MessageFault, MessageState
from rules.refusals import Missing, Refused
from services import certificates, certificates_mailing
from tests.builders import Builder
from tests.results_story import AFTER, Story


def test_each_winner_with_an_address_is_told_once(build: Builder) -> None:
    story = Story(build)
    people = [build.person() for _ in range(3)]
    for person in people:
        story.entry("80", "80", person=person)
    build.account("contestant", person_id=people[0].id, email="chen@example.cn")
    build.account("contestant", person_id=people[1].id)
    story.issued()
    key, by = story.contest.id, build.actor(now=AFTER)
    found = certificates_mailing.look(key)
    assert (found.winners, found.addressed, len(found.due)) == (3, 1, 1)
    certificates_mailing.send(by, key, "{}您好".format)
    (message,) = db.session.scalars(select(Message))
    assert message.recipient == "chen@example.cn" and message.body == f"{people[0].name}您好"
    assert people[0].id_number not in (message.body or "") + message.subject
    with pytest.raises(Refused, match="told already"):
        certificates_mailing.send(by, key, str)
    message.state, message.fault = MessageState.GIVEN_UP, MessageFault.ADDRESS_REFUSED
    db.session.commit()
    found = certificates_mailing.look(key)
    assert not found.due and found.waiting == 0
    assert found.unreached == [(people[0].name, MessageFault.ADDRESS_REFUSED)]
    old = found.winners and certificates_mailing._winners(key)[0].newest
    certificates.revoke(by, old, reason="姓名有误")
    assert certificates_mailing.look(key).winners == 2
    certificates.reissue(by, old)
    assert len(certificates_mailing.look(key).due) == 1  # a new paper is worth a new mail
    with pytest.raises(Missing):
        certificates_mailing.send(by, 999_999, str)
