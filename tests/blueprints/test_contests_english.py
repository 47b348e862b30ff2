"""The page of an edition's English titles."""

import re

from flask.testing import FlaskClient

from models.database import db
from rules.certificate_designs import Design
from rules.plans import EditionRules
from tests.builders import Builder, sign_in
from tests.results_story import Story


def test_titles_are_given_shown_and_refused_at_their_field(
    client: FlaskClient, build: Builder
) -> None:
    story = Story(build, edition=EditionRules(certificate_design=Design.A4_BILINGUAL))
    story.field(["90"])
    story.final()
    address = f"/contests/{story.contest.id}/english"
    sign_in(client, story.account("organizer"))
    preflight = f"/contests/{story.contest.id}/certificates/preflight"
    page = client.get(address).text
    fields = re.findall(r'name="(title_[0-9a-f]{12})"', page)
    assert story.event.title in page and 'value="Staff division"' in page
    typed = dict.fromkeys(fields, "Skills Star") | {"version": str(story.contest.version)}
    bad = client.post(address, data=typed | {fields[0]: "技能之星"})
    assert bad.status_code == 422 and "拉丁字母" in bad.text
    assert client.post(address, data=typed | {"version": "0"}).status_code == 422
    assert client.post(address, data=typed).status_code == 303
    db.session.expire_all()
    assert story.contest.titles_english[story.event.title] == "Skills Star"
    assert "Skills Star" in client.get(f"/contests/{story.contest.id}").text
    client.post("/sign-out")
    sign_in(client, story.account("bureau_staff"))
    assert "尚无英文名称" not in client.get(preflight).text
    story.contest.titles_english = {}
    db.session.commit()
    assert "尚无英文名称" in client.get(preflight).text
