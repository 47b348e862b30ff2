"""The public pages of workshops, and the page on which staff draw the map."""

import re

from flask.testing import FlaskClient

from rules.tile_maps import Tile
from services import directories
from tests.builders import Builder, sign_in
from tests.workshop_rows import add_pair, add_workshop

TILES = [Tile("浒山街道", 1, 1), Tile("龙山镇", 2, 1)]


def test_anybody_searches_the_directory(client: FlaskClient, build: Builder) -> None:
    add_workshop(build, title="王氏钳工工作室")
    add_workshop(build, title="焊接工作室", occupation="焊工", district="掌起镇")
    directories.save_map(build.actor(), TILES, [])
    text = client.get("/directory").text
    assert "王氏钳工工作室" in text and "焊接工作室" in text
    assert "tile-map" in text and "未列入地图" in text and "掌起镇" in text
    assert "style=" not in text and "<script>" not in text
    text = client.get("/directory?occupation=焊工").text
    assert "焊接工作室" in text and "王氏钳工工作室" not in text
    assert "没有符合条件的工作室" in client.get("/directory?level=nation").text
    assert client.get("/directory?level=?&page=x&district=").status_code == 200
    assert "noindex" not in text and "/directory" in client.get("/").text


def test_a_tile_leads_to_its_workshops(client: FlaskClient, build: Builder) -> None:
    shop = add_workshop(build)
    directories.save_map(build.actor(), TILES, [])
    text = client.get("/directory").text
    link = re.search(r'href="(\?district=[^"]+)"', text)
    assert link is not None
    text = client.get(f"/directory{link[1]}").text
    assert shop.title in text and "chosen" in text


def test_a_page_of_a_workshop_names_people_and_nothing_more(
    client: FlaskClient, build: Builder
) -> None:
    leader, learner = build.person(name="领办人甲"), build.person(name="徒弟乙")
    shop = add_workshop(build, leader, about="承担技术攻关。", plaque_number="CX-01")
    add_pair(build, leader, learner, workshop_id=shop.id)
    text = client.get(f"/directory/{shop.id}").text
    assert "领办人甲" in text and "CX-01" in text and "承担技术攻关。" in text
    assert "徒弟乙" not in text
    for person in (leader, learner):
        assert person.id_number not in text and str(person.phone) not in text
    assert client.get("/directory/999999").status_code == 404


def test_staff_draw_the_map(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    page = client.get("/directory/map")
    assert page.status_code == 200
    typed = {
        "request_key": "a1",
        "seen": "[]",
        "tiles-0-title": " 浒山街道 ",
        "tiles-0-column": "1",
        "tiles-0-row": "1",
        "tiles-1-title": "",
        "tiles-1-column": "5",
        "tiles-1-row": "5",
    }
    assert client.post("/directory/map", data=typed).status_code == 303
    assert directories.tiles() == TILES[:1]
    again = client.post("/directory/map", data=typed | {"request_key": "a2"})
    assert again.status_code == 422 and "期间" in again.text
    bad = typed | {"request_key": "a3", "tiles-0-row": ""}
    refused = client.post("/directory/map", data=bad)
    assert refused.status_code == 422 and "请填写列和行" in refused.text
    bad = typed | {"request_key": "a4", "tiles-0-row": "99"}
    assert client.post("/directory/map", data=bad).status_code == 422
    assert directories.tiles() == TILES[:1]


def test_a_map_that_cannot_be_read_counts_as_none(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("bureau_staff"))
    directories.save_map(build.actor(), TILES, [])
    typed = {"request_key": "a1", "seen": "[[1]]", "tiles-0-title": "x"}
    assert client.post("/directory/map", data=typed).status_code == 422
    assert directories.tiles() == TILES


def test_others_do_not_draw_it(client: FlaskClient, build: Builder) -> None:
    sign_in(client, build.account("payer"))
    assert client.get("/directory/map").status_code == 403
