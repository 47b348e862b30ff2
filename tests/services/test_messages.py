"""The outbox: written with its act, sent once, tried again, given up, forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from models.database import db
from models.messages import Message
from rules.messages import (
    LEASE,
    MOST_TRIES,
    WAITS,
    MessageChannel,
    MessageFault,
    MessageState,
)
from rules.refusals import Missing, Refused
from services import messages, messages_mail, messages_sending
from services.acting import Actor, system
from services.messages import Draft
from services.messages_mail import MailServer, SmsGateway
from services.messages_sending import NotSetUp, OnScreen, Parcel
from services.settings import MailSecurity, Settings
from services.transaction import transaction
from tests.builders import NOW, Builder
from tests.post_office import HOST, Gateway, PostOffice, running, self_made_certificate

MAIL, SMS = MessageChannel.MAIL, MessageChannel.SMS
ADDRESS = "chen@example.cn"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server on loopback."""
    with running(PostOffice()) as server:
        yield server


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway for text messages on loopback."""
    with running(Gateway()) as server:
        yield server


def sender(office: PostOffice, **more: object) -> MailServer:
    """What sends to this mail server."""
    security = more.pop("security", MailSecurity.NONE)
    assert isinstance(security, MailSecurity)
    return MailServer(HOST, office.port, security, "竞赛办 <office@example.cn>", **more)  # type: ignore[arg-type]


def texts(gateway: Gateway, **more: str) -> SmsGateway:
    """What sends to this gateway."""
    body = '{"to": ["{phone}"], "content": {"text": "{text}"}, "key": "{token}", "n": 1}'
    return SmsGateway(f"http://{HOST}:{gateway.port}/send?v=2", body, **more)


@transaction
def write(by: Actor, *drafts: Draft) -> None:
    """An act that does nothing but write messages."""
    messages.add_messages(by, drafts)


def mail(recipient: str = ADDRESS, **more: object) -> Draft:
    """A mail."""
    return Draft(MAIL, recipient, "领取证书", "您好：\n请登录领取。\n.一点", "certificate", **more)  # type: ignore[arg-type]


def only() -> Message:
    """The only message."""
    return db.session.scalars(select(Message).execution_options(populate_existing=True)).one()


def test_a_mail_goes_out_once_as_it_was_written(session: Session, office: PostOffice) -> None:
    write(system(NOW), mail())
    assert messages_sending.send_due(MAIL, sender(office), NOW) == 1
    assert messages_sending.send_due(MAIL, sender(office), NOW + timedelta(days=1)) == 0
    ((recipient, raw),) = office.mails
    got = message_from_bytes(raw, policy=policy.default)
    assert recipient == ADDRESS and got["Subject"] == "领取证书"
    assert got["From"] == "竞赛办 <office@example.cn>" and got["Auto-Submitted"]
    assert got.get_content().splitlines() == ["您好：", "请登录领取。", ".一点"]
    assert (only().state, only().tries, only().ended_at) == (MessageState.SENT, 1, NOW)


def test_a_message_stands_or_falls_with_its_act(session: Session) -> None:
    @transaction
    def fails(by: Actor) -> None:
        messages.add_messages(by, [mail()])
        raise Refused("no")

    with pytest.raises(Refused):
        fails(system(NOW))
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_what_is_said_once_cannot_be_said_twice(session: Session) -> None:
    write(system(NOW), mail(once="certificates 1 person 2"))
    with pytest.raises(Exception, match=r"once|uq_message_once"):
        write(system(NOW), mail(once="certificates 1 person 2"))


def test_recipients_and_texts_are_encrypted_and_never_logged(
    session: Session, office: PostOffice
) -> None:
    office.refusals[ADDRESS] = "550 no such user"
    write(system(NOW), mail())
    stored = str(db.session.execute(text("SELECT recipient, body FROM message")).one())
    assert "chen" not in stored and "登录" not in stored
    with capture_logs() as logs:
        messages_sending.send_due(MAIL, sender(office), NOW)
    assert logs and "chen" not in str(logs) and "登录" not in str(logs)


@pytest.mark.parametrize(
    ("refusal", "state", "fault"),
    [
        ("550 no such user", MessageState.GIVEN_UP, MessageFault.ADDRESS_REFUSED),
        ("450 come back later", MessageState.FAILED, MessageFault.UNREACHABLE),
    ],
)
def test_one_refused_address_does_not_hold_the_others(
    session: Session, office: PostOffice, refusal: str, state: MessageState, fault: MessageFault
) -> None:
    office.refusals[ADDRESS] = refusal
    write(system(NOW), mail(), mail("wang@example.cn"), mail("nobody"), mail("a@b.cn\nBcc: c@d.cn"))
    assert messages_sending.send_due(MAIL, sender(office), NOW) == 2
    assert [one[0] for one in office.mails] == ["wang@example.cn", "nobody"]
    assert office.connections == 1
    found = list(db.session.scalars(select(Message).order_by(Message.id)))
    assert (found[0].state, found[0].fault) == (state, fault)
    assert (found[3].state, found[3].fault) == (
        MessageState.GIVEN_UP,
        MessageFault.ADDRESS_REFUSED,
    )


def test_waits_grow_until_a_message_is_given_up_and_put_back(
    build: Builder, office: PostOffice
) -> None:
    office.closed = True
    write(system(NOW), mail())
    now = NOW
    for wait in WAITS:
        messages_sending.send_due(MAIL, sender(office), now)
        assert (only().state, only().next_at) == (MessageState.FAILED, now + wait)
        messages_sending.send_due(MAIL, sender(office), now + wait - timedelta(seconds=1))
        now += wait
    messages_sending.send_due(MAIL, sender(office), now)
    assert (only().state, only().tries) == (MessageState.GIVEN_UP, MOST_TRIES)
    assert office.connections == MOST_TRIES
    office.closed = False
    by = build.actor(now=now)
    messages.try_again(by, only().id)
    with pytest.raises(Refused, match="given up"):
        messages.try_again(by, only().id)
    with pytest.raises(Missing):
        messages.try_again(by, 999)
    assert messages_sending.send_due(MAIL, sender(office), now) == 1


def test_a_sender_that_was_killed_loses_its_claim(session: Session, office: PostOffice) -> None:
    write(system(NOW), mail())
    messages_sending._take(system(NOW), MAIL)  # and never reports
    assert messages_sending.send_due(MAIL, sender(office), NOW + LEASE - timedelta(seconds=1)) == 0
    assert messages_sending.send_due(MAIL, sender(office), NOW + LEASE) == 1
    write(system(NOW), mail())
    now = NOW
    for _ in range(MOST_TRIES):
        messages_sending._take(system(now), MAIL)
        now += LEASE
    messages_sending.send_due(MAIL, sender(office), now)
    last = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert (last.state, last.fault) == (MessageState.GIVEN_UP, MessageFault.INTERRUPTED)


def test_each_channel_has_its_own_queue_and_late_ones_are_dropped(
    session: Session, gateway: Gateway, office: PostOffice
) -> None:
    code = Draft(SMS, "13900000001", "", "123456", "claim", expires_at=NOW + timedelta(minutes=10))
    write(system(NOW), mail(), code)
    assert messages_sending.send_due(SMS, texts(gateway), NOW) == 1
    assert office.mails == []
    write(system(NOW), code)
    assert messages_sending.send_due(SMS, texts(gateway), NOW + timedelta(minutes=10)) == 0
    assert len(gateway.requests) == 1
    assert messages.list_messages(MessageState.GIVEN_UP).items[0].fault is MessageFault.TOO_LATE


def test_starttls_speaks_only_with_a_server_that_is_known(
    session: Session, office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.certificate = str(self_made_certificate(tmp_path))
    secure = sender(office, security=MailSecurity.STARTTLS, user="u", password="geheim")
    write(system(NOW), mail())
    assert messages_sending.send_due(MAIL, secure, NOW) == 0
    assert only().fault is MessageFault.UNREACHABLE and office.mails == []
    monkeypatch.setenv("SSL_CERT_FILE", office.certificate)
    office.admits = False
    messages_sending.send_due(MAIL, secure, NOW + WAITS[0])
    assert only().fault is MessageFault.NOT_ADMITTED
    office.admits = True
    assert messages_sending.send_due(MAIL, secure, NOW + WAITS[0] + WAITS[1]) == 1
    assert office.secured == 2 and "geheim" not in repr(secure)


def test_a_text_message_fills_the_body_that_the_gateway_wants(
    session: Session, gateway: Gateway
) -> None:
    write(system(NOW), Draft(SMS, "13900000001", "", '验证码 1"}, {"', "claim"))
    assert messages_sending.send_due(SMS, texts(gateway, token="t0ken", ok='"code":0'), NOW) == 1
    ((path, headers, body),) = gateway.requests
    assert path == "/send?v=2" and headers["Authorization"] == "Bearer t0ken"
    assert body == {
        "to": ["13900000001"],
        "content": {"text": '验证码 1"}, {"'},
        "key": "t0ken",
        "n": 1,
    }


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((200, '{"code":17}'), MessageFault.UNREACHABLE),
        ((302, ""), MessageFault.UNREACHABLE),
        ((500, ""), MessageFault.UNREACHABLE),
        ((429, ""), MessageFault.UNREACHABLE),
        ((401, ""), MessageFault.NOT_ADMITTED),
        ((400, ""), MessageFault.CONTENT_REFUSED),
    ],
)
def test_what_a_gateway_refuses_is_told_apart(
    session: Session, gateway: Gateway, answer: tuple[int, str], fault: MessageFault
) -> None:
    gateway.answer = answer
    write(system(NOW), Draft(SMS, "13900000001", "", "1", "claim"))
    assert messages_sending.send_due(SMS, texts(gateway, ok='"code":0'), NOW) == 0
    assert only().fault is fault and len(gateway.requests) == 1


def test_no_gateway_at_all_is_told_too(session: Session) -> None:
    with running(Gateway()) as gone:
        pass
    assert list(texts(gone).send([Parcel(1, SMS, "1", "", "2", NOW)])) == [
        (1, MessageFault.UNREACHABLE)
    ]
    assert list(NotSetUp().send([Parcel(1, SMS, "1", "", "2", NOW)])) == [
        (1, MessageFault.NOT_SET_UP)
    ]


def test_only_a_local_trial_shows_messages_in_the_log(tmp_path: Path) -> None:
    keys = {"secret_key": "k" * 20 + "abcdefghijklmnop", "data_key": "abcdefghijklmnop" * 3}
    for mode, kind in (("local", OnScreen), ("testing", NotSetUp), ("production", NotSetUp)):
        settings = Settings(skillstar_mode=mode, instance_dir=tmp_path, **keys)  # type: ignore[arg-type]
        assert isinstance(messages_mail.mail_sender(settings), kind)
        assert isinstance(messages_mail.sms_sender(settings), kind)
        assert messages_mail.has_sms(settings) is (mode != "production")
    with capture_logs() as logs:
        list(OnScreen().send([Parcel(1, SMS, "13900000001", "", "code 1", NOW)]))
    assert logs[0]["text"] == "code 1"


def test_settings_name_servers_and_refuse_dangerous_ones(tmp_path: Path) -> None:
    def made(**more: object) -> Settings:
        return Settings(skillstar_mode="local", instance_dir=tmp_path, **more)  # type: ignore[arg-type]

    good = made(mail_host="h", mail_from="a@b.cn", sms_url="https://sms.example/x", sms_token="t")
    assert isinstance(messages_mail.mail_sender(good), MailServer)
    assert isinstance(messages_mail.sms_sender(good), SmsGateway)
    for bad, words in (
        ({"mail_host": "h"}, "MAIL_FROM"),
        ({"sms_url": "http://sms.example/x"}, "https"),
        ({"sms_url": "ftp://localhost/x"}, "https"),
        ({"sms_url": "https://x", "sms_body": "{"}, "no JSON"),
        ({"sms_url": "https://x", "sms_body": '{"a": "{text}"}'}, "phone"),
    ):
        with pytest.raises(ValueError, match=words):
            made(**bad)
    keys = {"secret_key": "k" * 20 + "abcdefghijklmnop", "data_key": "abcdefghijklmnop" * 3}
    with pytest.raises(ValueError, match="MAIL_SECURITY"):
        Settings(
            skillstar_mode="production",  # type: ignore[arg-type]
            instance_dir=tmp_path,
            mail_host="h",
            mail_from="a@b.cn",
            mail_user="u",
            mail_security="none",  # type: ignore[arg-type]
            **keys,  # type: ignore[arg-type]
        )


def test_what_ended_long_ago_is_forgotten(build: Builder, office: PostOffice) -> None:
    withheld = Draft(SMS, "13900000001", "", "1", "claim", withheld=True)
    write(system(NOW), mail(), withheld)
    messages_sending.send_due(MAIL, sender(office), NOW)
    write(system(NOW), mail())
    assert messages.forget_texts(system(NOW), NOW) == 0
    assert messages.forget_texts(system(NOW), NOW + timedelta(seconds=1)) == 1
    assert messages.forget_texts(system(NOW), NOW + timedelta(seconds=1)) == 0
    found = list(db.session.scalars(select(Message).order_by(Message.id)))
    assert [(one.state, one.recipient, one.body is None) for one in found] == [
        (MessageState.SENT, None, True),
        (MessageState.WAITING, ADDRESS, False),
    ]
    assert [(one.state, one.number) for one in messages.count_messages()] == [
        (MessageState.WAITING, 1),
        (MessageState.SENT, 1),
    ]
    found[0].state = MessageState.GIVEN_UP
    db.session.commit()
    with pytest.raises(Refused, match="forgotten"):
        messages.try_again(build.actor(), found[0].id)
    found[1].state, found[1].expires_at = MessageState.GIVEN_UP, NOW
    db.session.commit()
    with pytest.raises(Refused, match="no longer counts"):
        messages.try_again(build.actor(), found[1].id)
