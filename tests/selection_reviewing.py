"""A round under review: applications that have passed all checks, and who reviews them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionReviewer
from rules.selection_rounds import Review, SheetItem
from rules.selections import ApplicationState, Channel, Post
from services import selection_reviews as panels
from services import selection_reviews_sheets as sheets
from services.acting import Actor
from tests.builders import Builder
from tests.selection_story import SelectionStory, at, plain_rules

REVIEW = Review(
    reviewers=3,
    reserves=1,
    drop_high=0,
    drop_low=0,
    sheet=(
        SheetItem(key="skill", title="技艺水平", maximum=Decimal(60)),
        SheetItem(key="work", title="创新业绩", maximum=Decimal(40)),
    ),
)
AFTER = date(2026, 4, 10)


class Reviewing:
    """A round with its applications and the people who review them."""

    def __init__(self, build: Builder, **rules: Any) -> None:
        self.build, self.story = build, SelectionStory(build)
        self.round_id = self.story.published(plain_rules(review=REVIEW, **rules))
        self.reviewers = [build.account("reviewer") for _ in range(5)]
        self.applications: list[int] = []

    def apply(self, post: Post = Post.TECHNICIAN, **more: Any) -> SelectionApplication:
        """Let somebody have an application that has passed all checks."""
        person = self.build.person()
        person.employer_id = self.build.employer().id
        number = len(self.applications) + 1
        row = SelectionApplication(
            round_id=self.round_id,
            number=number,
            person_id=person.id,
            employer_id=person.employer_id,
            channel=Channel.PERSON,
            answers={},
            post=post,
            trade_since=date(2000, 1, 1),
            state=more.pop("state", ApplicationState.QUALIFIED),
            begun_at=at(self.story.start),
            saved_at=at(self.story.start),
            **more,
        )
        db.session.add(row)
        db.session.commit()
        self.applications.append(row.id)
        return row

    def one(self, hour: int = 10) -> Actor:
        """The official who prepares."""
        return self.story.first(AFTER, hour)

    def two(self, hour: int = 11) -> Actor:
        """The official who approves."""
        return self.story.second(AFTER, hour)

    def by(self, seat: SelectionReviewer) -> Actor:
        """A reviewer on the day of the review."""
        return Actor(seat.account_id, at(AFTER, 12))

    def panel(self) -> list[SelectionReviewer]:
        """Who has a vote."""
        return [one for one in panels.panel_of(self.round_id) if not one.reserve]

    def begin(self) -> None:
        """Draw the panel, start the review, and let everybody promise secrecy."""
        panels.draw_panel(self.one(), self.round_id, "2026 04 10")
        panels.start_review(self.one(), self.round_id)
        for seat in self.panel():
            panels.pledge(self.by(seat), self.round_id)

    def mark(self, totals: Mapping[int, int]) -> None:
        """Let the whole panel mark and sign these totals."""
        for seat in self.panel():
            for key, total in totals.items():
                if not sheets.is_recused(seat.id, key):
                    marks = {"skill": str(total - 40), "work": "40"}
                    sheets.save_sheet(self.by(seat), key, marks)
            sheets.sign_finished(self.by(seat), self.round_id)
