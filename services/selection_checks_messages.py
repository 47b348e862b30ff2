"""What applicants are told of the checks: by mail, else by text message, within the act."""

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from rules.messages import MessageChannel
from services.acting import Actor
from services.messages import Draft, add_messages

ABOUT = "selection"
SUBJECT = "评选申报事项提醒"
_END = "本信息由系统自动发送，请勿回复。"


def tell_returned(by: Actor, application: SelectionApplication, reason: str) -> None:
    """Part: tell who wrote an application what to complete, and until when."""
    assert application.complete_until is not None
    text = (
        f"您在“{application.round.title}”中的申报（编号{application.number}）被退回补正。"
        f"原因：{reason}。请于{application.complete_until:%Y年%m月%d日}前登录系统修改并重新提交，"
        f"逾期视为放弃。{_END}"
    )
    _tell(by, application, text)


def tell_refused(by: Actor, application: SelectionApplication, reason: str) -> None:
    """Part: tell who wrote an application why it goes no further."""
    text = (
        f"您在“{application.round.title}”中的申报（编号{application.number}）未通过审核。"
        f"原因：{reason}。如有疑问，请与主办单位联系。{_END}"
    )
    _tell(by, application, text)


def tell_merged(by: Actor, application: SelectionApplication) -> None:
    """Part: tell who wrote an application that it lives on in another one for the same person."""
    text = (
        f"“{application.round.title}”中同一人选有两份申报，经审核合并为一份，"
        f"您填报的一份（编号{application.number or '未提交'}）不再单独审核。{_END}"
    )
    _tell(by, application, text)


def _tell(by: Actor, application: SelectionApplication, text: str) -> None:
    drafted = _draft(application, text)
    if drafted is not None:
        add_messages(by, [drafted])


def _draft(application: SelectionApplication, text: str) -> Draft | None:
    """Write to who wrote the application; about one from paper to the person."""
    account = db.session.get(Account, application.account_id) if application.account_id else None
    person = application.person
    own = account is None or account.person_id == person.id
    number = (account.phone if account else None) or (person.phone if own else None)
    person_id = person.id if own else None
    if account is not None and account.email:
        return Draft(MessageChannel.MAIL, account.email, SUBJECT, text, ABOUT, person_id=person_id)
    if number:
        return Draft(MessageChannel.SMS, number, "", text, ABOUT, person_id=person_id)
    return None
