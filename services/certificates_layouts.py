"""Which layout a certificate has: that of its contest on the day it was issued, kept for ever."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.certificates import Certificate, LayoutVersion
from models.contests import Contest
from models.database import db
from rules.certificate_designs import A4_LANDSCAPE, layout_of, selection_layout
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import CertificateField, CertificateLayout
from rules.editions import ContestKind
from rules.english_names import place_in_english, title_in_english
from rules.plans import EditionRules
from rules.refusals import Refused
from rules.texts import N_
from services import designs_choices, seals, statements_issuing
from services.acting import Actor
from services.certificates_papers import Due, verb_of
from services.certificates_printing import Order, print_one
from services.certificates_rendering import Paper, checker
from services.certificates_values import ENGLISH_OF, values_of
from services.people_names import passport_spelling

_PLACE = ("edition", "event", "division")


def layout_for(
    contest: Contest, kind: CertificateKind = CertificateKind.HONOUR
) -> CertificateLayout:
    """Return the layout that a contest's certificates of a kind are issued in.

    A design of the bureau that is out of use gives way to the shipped one that the contest names.
    """
    rules = EditionRules.model_validate(contest.rules)
    template_id = rules.template_for(kind)
    own = designs_choices.approved_layout(template_id) if template_id is not None else None
    if own is None and kind is CertificateKind.HONOUR and contest.kind is ContestKind.SELECTION:
        return selection_layout(verb_of(contest.id), rules.design_of(kind))
    return own or layout_of(kind, rules.design_of(kind))


def version_part(by: Actor, layout: CertificateLayout) -> LayoutVersion:
    """Part: return the stored version of a layout; the first use of it stores it."""
    digest = layout.digest()
    query = select(LayoutVersion).where(LayoutVersion.digest == digest)
    found = db.session.scalar(query)
    if found is not None:
        return found
    made = LayoutVersion(digest=digest, content=layout.model_dump(mode="json"), made_at=by.now)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # another contest stored it in this very moment
        return db.session.scalars(query).one()
    return made


def english_facts(layout: CertificateLayout, due: Due) -> dict[str, Any]:
    """Return the facts that only layouts with English texts show."""
    fields, facts, english = layout.fields(), {}, _english_of(due)
    if CertificateField.NAME_LATIN in fields:
        facts["name_latin"] = due.latin or passport_spelling(due.name)
    for field, said in ENGLISH_OF.items():
        if field in fields and said in english:
            facts[field.value] = english[said]
    if CertificateField.PLACE_ENGLISH in fields and not untitled(due):
        edition, event, division = (english.get(said, "") for said in _PLACE)
        facts["place_english"] = place_in_english(edition, event, division)
    return facts


def untitled(due: Due) -> list[str]:
    """List the titles of edition, event and division that have no English."""
    english, titles = _english_of(due), _titles_of(due)
    return [titles[said] for said in _PLACE if said in titles and not english[said]]


def _titles_of(due: Due) -> dict[str, str]:
    found = {"award": str(due.said.get("award", "")), "edition": due.contest.title}
    found |= {} if due.event is None else {"event": due.event.title}
    return found | ({} if due.division is None else {"division": due.division.title})


def _english_of(due: Due) -> dict[str, str]:
    given = due.contest.titles_english
    return {said: title_in_english(title, given) for said, title in _titles_of(due).items()}


def problems_of(layout: CertificateLayout, facts: Mapping[str, Any]) -> list[Refused]:
    """List what keeps a certificate with these facts from being printed."""
    message, fields = N_("“%(title)s” has no English title."), layout.fields()
    chinese = [
        Refused(message, title=str(facts[said]))
        for field, said in ENGLISH_OF.items()
        if field in fields and facts.get(said) and not facts.get(field.value)
    ]
    return [*chinese, *checker(layout).problems(values_of(facts, "W" * 16))]


def order_of(certificate: Certificate, check_url: str, folder: Path) -> Order:
    """Return what is to be printed: a certificate in the layout and with the seal of its day."""
    version = certificate.layout
    layout = A4_LANDSCAPE if version is None else stored_layout(version)
    address = statements_issuing.link(certificate, check_url)
    paper = Paper(certificate.facts, certificate.check_code, address)
    return Order(certificate.id, layout, paper, seals.seal_of(certificate.facts, folder))


def pdf_of(certificate: Certificate, check_url: str, folder: Path) -> bytes:
    """Return a certificate as PDF without a signature."""
    return print_one(order_of(certificate, check_url, folder), folder, None).pdf


def stored_layout(version: LayoutVersion) -> CertificateLayout:
    """Return the layout of a stored version, checked against its digest."""
    return _stored(version.digest, version.id)


@lru_cache(maxsize=64)
def _stored(digest: str, version_id: int) -> CertificateLayout:
    version = db.session.get_one(LayoutVersion, version_id)
    layout = CertificateLayout.model_validate(version.content)
    if layout.digest() != digest:
        raise RuntimeError(f"layout version {version_id} is not what was stored")
    return layout
