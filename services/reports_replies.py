"""Replies: figures chosen and frozen, a text with places for them, kept with its file as sent."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from models.database import db
from models.reports import FrozenFigure, ReplyFigure, ReplyKit
from rules.data import InvalidRules
from rules.figure_replies import (
    FIELDS,
    LONGEST_TEXT,
    MOST_FIGURES,
    TOO_MANY,
    check_word,
    scope_of,
)
from rules.figures import REPLY_MOVES, Part, Question, ReplyState, shown_number
from rules.personal_data import text_problems
from rules.refusals import Missing, Refused
from rules.states import moved
from rules.texts import N_
from services import audits, files, reports
from services.acting import Actor
from services.documents_filling import TooLarge, filled_text
from services.documents_grammar import Paragraph, paragraph_problems
from services.files import StoredFile
from services.pages import Page, page_of
from services.reports_figures import asked_of, locked, visible
from services.reports_freezing import freeze_part, splits_of
from services.reports_papers import Paper, word_file
from services.reports_words import Speaker
from services.transaction import STALE, transaction

NOT_YOURS = N_("Only the owner of the reply changes it.")
KEPT = N_("This reply was sent; it stays as it was.")
LINE = N_("Line %(number)s of the text")
NO_FIGURES = N_("Choose at least one figure.")
EMPTY_TEXT = N_("Write the text of the reply.")
TOO_LONG = N_("The text is longer than %(most)s characters.")
UNFIT = N_("The text cannot be filled with these figures. Look at its places again.")
THERE = N_("This frozen answer is in the reply already.")
CHANGED = N_("The reply has changed meanwhile. Look at it again, then keep it.")


@dataclass(frozen=True)
class Facts:
    """What people write of a reply."""

    title: str
    addressee: str = ""
    reference: str = ""
    text: str = ""
    names_shown: bool = False
    shared: bool = False


@transaction
def create_reply(by: Actor, facts: Facts) -> int:
    """Begin a reply."""
    row = ReplyKit(owner_id=by.account_id, created_at=by.now)
    _write(row, facts, by.today)
    db.session.add(row)
    db.session.flush()
    audits.record(by, "create_reply", "reply_kit", row.id, after={"title": row.title})
    return row.id


@transaction
def edit_reply(by: Actor, kit_id: int, version: int, facts: Facts) -> int:
    """Change the text of a reply of one's own."""
    row = _own(by, kit_id)
    if row.version != version:
        raise Refused(STALE)
    before = {"title": row.title, "names_shown": row.names_shown, "shared": row.shared}
    _write(row, facts, by.today)
    after = {"title": row.title, "names_shown": row.names_shown, "shared": row.shared}
    audits.record(by, "edit_reply", "reply_kit", row.id, before=before, after=after)
    return row.id


def _write(row: ReplyKit, facts: Facts, today: date) -> None:
    if len(facts.text) > LONGEST_TEXT:
        raise Refused(TOO_LONG, "text", most=LONGEST_TEXT)
    typed = {"title": facts.title, "text": facts.text, "addressee": facts.addressee}
    problems = list(text_problems(typed, today))
    if problems:
        raise InvalidRules(problems)
    for name, value in vars(facts).items():
        setattr(row, name, value)


@transaction
def put_figure(
    by: Actor, kit_id: int, word: str, *, figure_id: int | None = None,
    frozen_id: int | None = None, as_of: date | None = None,
) -> int:  # fmt: skip
    """Put a frozen answer into a reply, or freeze a figure now and put that in."""
    kit = _own(by, kit_id)
    used = frozenset(one.word for one in kit.figures)
    if len(used) >= MOST_FIGURES:
        raise Refused(TOO_MANY, most=MOST_FIGURES)
    check_word(word, used)
    if frozen_id is not None:
        frozen = _frozen(by, frozen_id)
    else:
        if figure_id is None:
            raise Refused(NO_FIGURES, "figure")
        frozen = freeze_part(by, locked(by, figure_id), as_of, kit.title)
    if any(one.frozen_id == frozen.id for one in kit.figures):
        raise Refused(THERE, "frozen")
    position = 1 + max((one.position for one in kit.figures), default=0)
    kit.figures.append(ReplyFigure(frozen_id=frozen.id, word=word, position=position))
    db.session.flush()
    after = {"word": word, "frozen": frozen.id, "digest": frozen.digest}
    audits.record(by, "put_figure", "reply_kit", kit.id, after=after)
    return kit.id


def _frozen(by: Actor, frozen_id: int) -> FrozenFigure:
    query = select(FrozenFigure).join(FrozenFigure.figure)
    query = query.where(FrozenFigure.id == frozen_id, visible(by.account_id))
    found = db.session.scalar(query)
    if found is None:
        raise Missing(frozen_id)
    return found


@transaction
def drop_figure(by: Actor, kit_id: int, place_id: int) -> int:
    """Take a figure out of a reply; its frozen answer stays."""
    kit = _own(by, kit_id)
    found = next((one for one in kit.figures if one.id == place_id), None)
    if found is None:
        raise Missing(place_id)
    kit.figures.remove(found)
    after = {"word": found.word, "frozen": found.frozen_id}
    audits.record(by, "drop_figure", "reply_kit", kit.id, before=after)
    return kit.id


@transaction
def remove_reply(by: Actor, kit_id: int) -> int:
    """Remove a reply that was not sent."""
    kit = _own(by, kit_id)
    audits.record(by, "remove_reply", "reply_kit", kit.id, before={"title": kit.title})
    db.session.delete(kit)
    return kit_id


def _own(by: Actor, kit_id: int) -> ReplyKit:
    query = select(ReplyKit).where(ReplyKit.id == kit_id, _visible(by.account_id))
    kit = db.session.scalar(
        query.with_for_update(of=ReplyKit).execution_options(populate_existing=True)
    )
    if kit is None:
        raise Missing(kit_id)
    if kit.owner_id != by.account_id:
        raise Refused(NOT_YOURS)
    if kit.state is ReplyState.SENT:
        raise Refused(KEPT)
    return kit


def _visible(account_id: int | None) -> ColumnElement[bool]:
    return or_(ReplyKit.shared, ReplyKit.owner_id == account_id)


def send_reply(by: Actor, kit_id: int, speaker: Speaker, folder: Path) -> int:
    """Keep a reply as it is sent: its text, its frozen figures and its Word file, with digests."""
    kit = get_reply(by.account_id, kit_id, rows=True)
    data = word_of(kit, speaker, by)
    with files.keeping(folder) as keep:
        return keep_sent(by, kit_id, digest_of(kit, speaker), keep(data))


@transaction
def keep_sent(by: Actor, kit_id: int, digest: str, stored: StoredFile) -> int:
    """Keep what was made of a reply, unless it has changed meanwhile."""
    kit = _own(by, kit_id)
    if not digest.startswith(_basis(kit)):
        raise Refused(CHANGED)
    kit.state = moved(REPLY_MOVES, kit.state, ReplyState.SENT)
    kit.sent_at, kit.sent_by_id = by.now, by.account_id
    kit.digest = digest.partition(":")[2]
    kit.file_key, kit.file_sha256, kit.size = stored.key, stored.sha256, stored.size
    after = {"title": kit.title, "digest": kit.digest, "sha256": stored.sha256}
    audits.record(by, "send_reply", "reply_kit", kit.id, after=after)
    return kit.id


def _basis(kit: ReplyKit) -> str:
    figures = [[one.word, one.frozen_id] for one in kit.figures]
    facts = [kit.version, kit.title, kit.text, kit.names_shown, figures]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def digest_of(kit: ReplyKit, speaker: Speaker) -> str:
    """Return what a reply rests on, and the digest of what it says and of its figures."""
    said = [kit.title, text_of(kit, speaker), [one.frozen.digest for one in kit.figures]]
    made = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return f"{_basis(kit)}:{made}"


def get_reply(account_id: int | None, kit_id: int, *, rows: bool = False) -> ReplyKit:
    """Return a reply with its frozen figures that somebody may see; raise Missing."""
    frozen = selectinload(ReplyKit.figures).joinedload(ReplyFigure.frozen)
    query = select(ReplyKit).options(
        joinedload(ReplyKit.owner),
        joinedload(ReplyKit.sent_by),
        frozen.options(undefer(FrozenFigure.rows)) if rows else frozen,
    )
    found = db.session.scalar(query.where(ReplyKit.id == kit_id, _visible(account_id)))
    if found is None:
        raise Missing(kit_id)
    return found


def list_replies(account_id: int | None, q: str = "", page: int = 1) -> Page[ReplyKit]:
    """List the replies that somebody may see, the newest first."""
    query = select(ReplyKit).options(joinedload(ReplyKit.owner)).where(_visible(account_id))
    if q:
        near = ReplyKit.title.contains(q, autoescape=True)
        query = query.where(near | ReplyKit.reference.contains(q, autoescape=True))
    return page_of(query.order_by(ReplyKit.created_at.desc(), ReplyKit.id.desc()), page)


def count_figures(kit_ids: Sequence[int]) -> dict[int, int]:
    """Count the figures of replies."""
    query = select(ReplyFigure.kit_id, func.count()).where(ReplyFigure.kit_id.in_(kit_ids))
    return {key: count for key, count in db.session.execute(query.group_by(ReplyFigure.kit_id))}


def text_problems_of(kit: ReplyKit) -> list[Refused]:
    """Say what is wrong in the places of a text, by line."""
    words = frozenset(one.word for one in kit.figures)
    paragraphs = [
        Paragraph(line, Refused(LINE, number=number))
        for number, line in enumerate(kit.text.splitlines(), start=1)
    ]
    return paragraph_problems(paragraphs, scope_of(words))


def values_of(frozen: FrozenFigure, speaker: Speaker) -> dict[str, str]:
    """Return the fields of a frozen figure by their words, as texts."""
    asked, splits = asked_of(frozen), splits_of(frozen)
    number = speaker.number(asked, frozen.value)
    company = Decimal(0)
    for part, values in splits:
        if part is Part.COMPANY:
            company = dict(values).get(True, Decimal(0))
    of_which = ""
    if isinstance(asked, Question) and splits:
        of_which = "、".join(speaker.parts(asked, splits[0]))
    said = {
        "number": number,
        "unit": asked.unit,
        "count": f"{number}{asked.unit}",
        "of_which": of_which,
        "company": shown_number(company),
        "day": speaker.day(frozen.as_of),
        "sentence": speaker.sentence(asked, frozen.value, splits, frozen.as_of),
    }
    return {field.word: said[field.key] for field in FIELDS}


def text_of(kit: ReplyKit, speaker: Speaker) -> str:
    """Return the text of a reply with its figures in place; refuse places that name nothing."""
    problems = text_problems_of(kit)
    if problems:
        raise InvalidRules([Refused(one.message, "text", **one.params) for one in problems])
    values = {one.word: values_of(one.frozen, speaker) for one in kit.figures}
    try:
        return filled_text(kit.text, values)
    except (TemplateError, TooLarge, RecursionError) as error:
        raise Refused(UNFIT, "text") from error


def word_of(kit: ReplyKit, speaker: Speaker, by: Actor) -> bytes:
    """Return the Word file of a reply: the text, and the annex with the sources of its figures."""
    if not kit.text.strip():
        raise Refused(EMPTY_TEXT, "text")
    if not kit.figures:
        raise Refused(NO_FIGURES)
    text = text_of(kit, speaker)
    paper = Paper(kit.title, kit.addressee, kit.reference, text, kit.names_shown)
    return word_file(paper, [(one.word, one.frozen) for one in kit.figures], speaker, by.now)


def sent_file(kit: ReplyKit, folder: Path) -> bytes:
    """Return the file of a reply that was sent, as it was; raise Missing before that."""
    if kit.file_key is None:
        raise Missing(kit.id)
    return files.read(folder, kit.file_key, kit.file_sha256)


@dataclass(frozen=True)
class Moved:
    """A figure of a reply beside its number by the registers of today."""

    place: ReplyFigure
    now: Decimal | None  # None: typed, which no register can change

    @property
    def has_moved(self) -> bool:
        """Say whether the number is another one now."""
        return self.now is not None and self.now != self.place.frozen.value


def changes_since(kit: ReplyKit, today: date) -> list[Moved]:
    """Ask all figures of a reply again as of their own days, one statement for each."""
    found: list[Moved] = []
    for place in kit.figures:
        asked: Any = asked_of(place.frozen)
        if not isinstance(asked, Question):
            found.append(Moved(place, None))
            continue
        bare = asked.model_copy(update={"splits": ()})
        found.append(Moved(place, reports.ask(bare, today).number))
    return found


def list_keys() -> set[str]:
    """List the keys of all kept replies, so that none of them is swept away."""
    keys = db.session.scalars(select(ReplyKit.file_key).where(ReplyKit.file_key.is_not(None)))
    return {key for key in keys if key}
