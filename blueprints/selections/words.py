"""The rules of a round in words, section by section: for staff, for the call, for differences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import flask_babel

from blueprints.labels import label
from blueprints.labels_conditions import (
    conditions_text,
    joined,
    quota_text,
    tiers_text,
)
from blueprints.selections.texts import AGAIN, BASIS, FIELD_KINDS, METHODS, SECTIONS
from blueprints.web import china_time, yuan
from rules.data import plain
from rules.selection_rounds import Clause, Review, RoundRules

gettext: Callable[..., str] = flask_babel.gettext


@dataclass(frozen=True)
class Words:
    """One section of the rules: what it is called, and its sentences."""

    key: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What a section says no longer, and what it says now."""

    title: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def words_of(rules: RoundRules) -> Sequence[Words]:
    """Say all rules of a round."""
    makers = {
        "dates": _dates,
        "tiers": _tiers,
        "quotas": _quotas,
        "eligibility": eligibility_lines,
        "form": _form,
        "papers": _papers,
        "chain": _chain,
        "review": _review,
        "after": _after,
        "money": _money,
    }
    return [
        Words(key, gettext(title), tuple(makers[key](rules))) for key, title in SECTIONS.items()
    ]


def differences(old: RoundRules, new: RoundRules) -> Sequence[Difference]:
    """Say what differs between two sets of rules, in the same words."""
    found = []
    for before, after in zip(words_of(old), words_of(new), strict=True):
        gone = tuple(line for line in before.lines if line not in after.lines)
        come = tuple(line for line in after.lines if line not in before.lines)
        if gone or come:
            found.append(Difference(after.title, gone, come))
    return found


def _dates(rules: RoundRules) -> Iterator[str]:
    yield gettext(
        "Applications: %(start)s to %(end)s",
        start=china_time(rules.opens_at),
        end=china_time(rules.closes_at),
    )
    yield gettext(
        "Who began to send before the end has %(minutes)s more minutes", minutes=rules.grace_minutes
    )
    yield gettext(
        "Returned applications are completed within %(days)s working days",
        days=rules.completion_days,
    )
    yield gettext("Ages and years count on %(day)s", day=rules.counts_on.isoformat())
    yield gettext("Ways of application: %(ways)s", ways=joined(rules.channels))
    if "expert" in rules.channels:
        yield gettext("A nomination needs %(count)s experts", count=rules.experts_needed)
    if rules.unit_quota is not None:
        yield gettext("A unit recommends at most %(count)s people", count=rules.unit_quota)
    if rules.call:
        yield gettext("Call: %(text)s", text=rules.call)
    yield gettext("To be asked: %(contact)s", contact=rules.contact or "–")


def _tiers(rules: RoundRules) -> Iterator[str]:
    for tier in rules.tiers:
        yield tier_text(rules, tier.key)
    if rules.places is not None:
        yield gettext("At most %(count)s people in all", count=rules.places)


def tier_text(rules: RoundRules, key: str) -> str:
    """Say one tier: its name, title, places, amount and least score."""
    tier = rules.tier(key)
    parts = [tier.name if tier.title == tier.name else f"{tier.name}（{tier.title}）"]
    if tier.places is not None:
        parts.append(gettext("at most %(count)s people", count=tier.places))
    if tier.amount:
        parts.append(gettext("%(amount)s yuan each", amount=yuan(tier.amount)))
    if tier.least_score is not None:
        parts.append(gettext("only with %(score)s points or more", score=plain(tier.least_score)))
    return gettext("; ").join(parts)


def _quotas(rules: RoundRules) -> Iterator[str]:
    for quota in rules.quotas:
        yield gettext(
            "%(said)s. Counted are: %(who)s",
            said=quota_text(quota, rules),
            who=conditions_text(quota.all_of),
        )


def eligibility_lines(rules: RoundRules) -> Iterator[str]:
    """Say who may apply, clause by clause."""
    own = rules.eligibility
    for clause in own.basics:
        yield from clause_lines(clause, rules)
    if own.routes:
        yield gettext("Besides, at least %(count)s of the following:", count=own.routes_needed)
    for clause in own.routes:
        yield from clause_lines(clause, rules)
    if own.exclusions:
        yield gettext("Excluded are:")
    for clause in own.exclusions:
        yield from clause_lines(clause, rules)
    yield gettext(AGAIN[own.again])


def clause_lines(clause: Clause, rules: RoundRules) -> Iterator[str]:
    """Say a clause as the call words it, what is checked, and what waives it."""
    number = f"{clause.number} " if clause.number else ""
    tiers = gettext(" [only %(tiers)s]", tiers=tiers_text(clause.tiers, rules))
    yield f"{number}{clause.text}{tiers if clause.tiers else ''}"
    questions = {field.key: field.title for field in rules.form}
    asked = conditions_text(clause.all_of, questions)
    yield gettext("　Checked: %(conditions)s", conditions=asked)
    for waiver in clause.waivers:
        yield gettext(
            "　Waived: %(text)s (%(conditions)s)",
            text=waiver.text,
            conditions=conditions_text(waiver.all_of, questions),
        )


def _form(rules: RoundRules) -> Iterator[str]:
    for one in rules.form:
        needed = gettext("needed") if one.needed else gettext("if there is any")
        choices = f" {joined(one.choices)}" if one.choices else ""
        yield f"{one.title}: {gettext(FIELD_KINDS[one.kind])}{choices}, {needed}"


def _papers(rules: RoundRules) -> Iterator[str]:
    for rule in rules.evidence:
        yield gettext("%(kind)s: up to %(count)s entries", kind=label(rule.kind), count=rule.most)
    for one in rules.files:
        needed = gettext("needed") if one.needed else gettext("if there is any")
        yield gettext(
            "Attachment %(title)s (%(needed)s): %(types)s, up to %(count)s of %(size)s MB each",
            title=one.title,
            needed=needed,
            types=joined(one.types),
            count=one.most,
            size=one.megabytes,
        )
    if rules.pages is not None:
        yield gettext("At most %(count)s pages in all", count=rules.pages)


def _chain(rules: RoundRules) -> Iterator[str]:
    for number, step in enumerate(rules.chain, start=1):
        more = [label(step.body), gettext("%(days)s working days", days=step.days)]
        if step.channels:
            more.append(gettext("only: %(ways)s", ways=joined(step.channels)))
        if step.ranks:
            more.append(gettext("ranks its candidates"))
        if step.notice_days:
            more.append(gettext("own notice of %(days)s working days", days=step.notice_days))
        yield f"{number}. {step.title} ({gettext('; ').join(more)})"
        if step.checklist:
            yield gettext("　To tick off: %(points)s", points=joined(step.checklist))
    for opinion in rules.opinions:
        about = conditions_text(opinion.about) or gettext("all candidates")
        yield gettext(
            "Asked by letter: %(title)s, %(days)s working days, about %(about)s",
            title=opinion.title,
            days=opinion.days,
            about=about,
        )


def _review(rules: RoundRules) -> Iterator[str]:
    review = rules.review
    yield gettext(METHODS[review.method])
    yield gettext(
        "%(count)s reviewers and %(reserves)s reserves",
        count=review.reviewers,
        reserves=review.reserves,
    )
    for item in review.sheet:
        yield gettext(
            "%(title)s: up to %(points)s points", title=item.title, points=plain(item.maximum)
        )
    yield from _review_numbers(review)
    if review.site_visit:
        yield gettext("Everybody who is proposed is visited on the site")


def _review_numbers(review: Review) -> Iterator[str]:
    if review.method in ("sheet", "sheet_and_ballot"):
        yield gettext(
            "The best %(high)s and the worst %(low)s sheets of a candidate don't count",
            high=review.drop_high,
            low=review.drop_low,
        )
        if review.difference_flag is not None:
            text = gettext(
                "Differences of %(points)s points or more are flagged",
                points=plain(review.difference_flag),
            )
            yield text
    if review.method in ("ballot", "sheet_and_ballot"):
        yield gettext(
            "Ballot: at least %(surplus)s percent more candidates than places, more than "
            "%(majority)s percent of the votes, up to %(most)s ballots",
            surplus=plain(review.surplus_percent),
            majority=plain(review.majority_percent),
            most=review.most_ballots,
        )
    yield gettext(
        "At least %(part)s percent of the panel take part", part=plain(review.quorum_percent)
    )


def _after(rules: RoundRules) -> Iterator[str]:
    after = rules.after
    if after.term_years:
        yield gettext("Term: %(years)s years", years=after.term_years)
    else:
        yield gettext("Term: for life")
    if after.report_due:
        yield gettext("Yearly report until %(day)s", day=after.report_due)
    for one in after.benefits:
        amount = gettext(" of %(amount)s yuan", amount=yuan(one.amount)) if one.amount else ""
        often = gettext("each year") if one.yearly else gettext("once")
        yield gettext(
            "%(title)s%(amount)s, %(often)s until month %(month)s: %(tiers)s",
            title=one.title,
            amount=amount,
            often=often,
            month=one.due_month,
            tiers=tiers_text(one.tiers, rules),
        )
    back = gettext("the prize is paid back") if after.pay_back else gettext("nothing is paid back")
    yield gettext(
        "After a revocation: %(back)s, barred for %(years)s years", back=back, years=after.bar_years
    )


def _money(rules: RoundRules) -> Iterator[str]:
    edition = rules.edition
    yield gettext("Amounts are: %(basis)s", basis=gettext(BASIS[rules.amount_basis]))
    line = edition.line(rules.budget_line)
    if line is not None:
        ceiling = (
            gettext(", up to %(amount)s yuan", amount=yuan(line.ceiling)) if line.ceiling else ""
        )
        yield gettext("Paid from %(title)s", title=line.title) + ceiling
    if edition.tax_exempt:
        yield gettext("Free of tax: %(basis)s", basis=edition.tax_basis)
    yield gettext("Public notice of %(days)s working days", days=edition.notice_working_days)
    for level in edition.notice_levels:
        yield gettext(
            "Notice level %(title)s: %(days)s working days",
            title=level.title,
            days=level.working_days,
        )
    yield gettext(
        "Objections are answered within %(days)s working days", days=edition.objection_days
    )
    yield gettext("Certificate numbers begin with %(prefix)s", prefix=edition.certificate_prefix)


def _ceiling(amount: Decimal | None) -> str:
    return gettext(", up to %(amount)s yuan", amount=yuan(amount)) if amount else ""
