"""A real node: part from a practice neighbour, see it on the map, and make up."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.network]


def test_one_parts_from_a_neighbour_sees_it_on_the_map_and_makes_up(page: Page) -> None:
    expect(page.get_by_text("will witness you")).to_be_visible(timeout=45_000)
    page.get_by_role("link", name="Map", exact=True).click()
    page.get_by_role("navigation", name="Map").get_by_role("link", name="Parted").click()
    row = page.get_by_role("button", name=re.compile("^Look at Practice")).first
    row.click(timeout=15_000)
    card = page.locator(".looked-at")
    name = card.locator(".name").first.inner_text()
    card.get_by_role("button", name="Diverge…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Your node does not answer {name}'s invitations")
    dialog.get_by_role("button", name=f"Diverge from {name}").click()
    expect(page.get_by_text(f"You diverged from {name}.")).to_be_visible(timeout=15_000)
    expect(page.locator(".phase-map .parting")).to_have_count(1)
    parted = page.get_by_text(f"You parted from {name} on")
    expect(parted.first).to_contain_text("“plays unfairly”")

    card.get_by_role("button", name="Make up…").click()
    dialog.get_by_role("button", name=f"Make up with {name}").click()
    expect(page.get_by_text("are together again")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Nobody has parted from anybody.")).to_be_visible()
    expect(page.locator(".phase-map .parting")).to_have_count(0)
