"""A short link from a template into an SMS, under a person's thumb, and back to the store."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from support.house import House
from support.interface import assert_documented
from support.plugin import Build
from support.ports import free_port
from support.processes import wait_for

from gateway.db import Database
from gateway.db.commerce.links import LinkRecord, put_link
from gateway.domain.ids import StoreName

BROWSER = {"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1", "accept": "text/html"}
URL = "https://shop.example/tea?from=sms"
TOKEN = "Campaig"


def with_links(house: Build) -> tuple[House, str]:
    """A house with a shop that has a template, and where its links are answered."""
    site = f"127.0.0.1:{free_port()}"
    built = house(more=f'[links]\nlisten = "{site}"\nurl = "http://{site}"\n')
    templates = built.directory / "shop" / "templates"
    templates.mkdir(parents=True)
    (templates / "tea.en.txt").write_text(f'{{# transactional #}}\nTea: {{{{ "{URL}" | short }}}}')
    shop = '[[store]]\nshop_dir = "shop"\nlink_hosts = ["shop.example"]'
    built.config.write_text(built.config.read_text().replace("[[store]]", shop))
    return built, site


async def make_link(directory: Path) -> None:
    """Make the link of a campaign, as one that went out yesterday has it."""
    now = datetime.now(UTC)
    link = LinkRecord(
        token=TOKEN,
        store=StoreName("acme"),
        kind="page",
        url=URL,
        level="aggregate",
        campaign="campaign.sale",
        created_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=1),
    )
    async with Database.open(f"sqlite:///{directory / 'shopbell.db'}") as database:
        assert await database.write(lambda connection: put_link(connection, link))


def test_a_link_goes_out_leads_on_and_is_told(house: Build) -> None:
    built, site = with_links(house)
    asyncio.run(make_link(built.directory))
    gateway = built.start()
    built.store.submit("tea-1", template="tea", text=None)
    built.store.await_state("tea-1", "delivered")
    [entry] = built.log()
    found = re.search(rf"{re.escape(site)}/l/\w+", entry["text"])
    assert found, entry["text"]
    assert len(found[0]) <= 24

    with httpx.Client(trust_env=False, headers=BROWSER) as person:
        answer = person.get(f"http://{found[0]}")
        assert (answer.status_code, answer.headers["location"]) == (302, URL)
        assert "server" not in answer.headers
        assert person.get(f"http://{site}/").status_code == 404
        assert person.get(f"http://{site}/l/{TOKEN}").status_code == 302
    # It is written although the gateway stops at once.
    gateway.close()
    wait_for(lambda: built.store.clicks, 15, "a click")
    [click] = built.store.clicks
    assert (click["url"], click["campaign"], click["machine"]) == (URL, "campaign.sale", False)
    assert "person" not in click
    for topic, payload, _ in built.store.heard:
        assert_documented(topic, payload)
