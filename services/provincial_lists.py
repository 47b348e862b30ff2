"""Contests above the city's as pages list them."""

from sqlalchemy import select

from models.provincial import ProvincialContest
from services.pages import Page, page_of


def list_contests(number: int = 1) -> Page[ProvincialContest]:
    """List the contests, the latest first."""
    order = (ProvincialContest.year.desc(), ProvincialContest.id.desc())
    return page_of(select(ProvincialContest).order_by(*order), number)
