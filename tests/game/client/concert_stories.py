"""What the stories about concerts have in common: how one comes in, and what the daemon heard."""

from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.game.client.fake_fates import CODE, SECRET
from tests.game.client.theatre import Theatre

NARROW: Final = {"width": 360, "height": 740, "touch": True}
SOURCES: Final = "async ([file, name]) => (await import(`/client/concert/${file}`))[name].value"


def ask(theatre: Theatre, what: str = "look") -> Any:
    """Does something at the pretended daemon, or looks what it heard."""
    return theatre.ask(f"concert/{what}")


def heard(theatre: Theatre, kind: str) -> list[dict[str, Any]]:
    """Messages of a type that came over the line, in order."""
    return [one for one in ask(theatre)["heard"] if one.get("type") == kind]


def lan(theatre: Theatre) -> str:
    """Where other devices find the daemon."""
    return theatre.address.replace("127.0.0.1", "127.0.0.2")


def adas_concert(theatre: Theatre, *also: str, jam: bool = False) -> None:
    """Ada's concert is known here, and its door is open."""
    for what in ("begin?jam=1" if jam else "begin", "door", *also):
        ask(theatre, what)


def come_in(theatre: Theatre) -> Page:
    """A phone scans the poster."""
    page = theatre.page
    page.goto(f"{lan(theatre)}/#concert={SECRET}")
    expect(page.locator(".spectator")).to_be_visible()
    return page


def come_in_by_code(theatre: Theatre) -> Page:
    """A phone opens the bare address, and types the code."""
    page = theatre.page
    page.goto(f"{lan(theatre)}/")
    page.get_by_label("Code of the poster").fill(CODE)
    page.get_by_role("button", name="Take a seat").click()
    expect(page.locator(".spectator")).to_be_visible()
    return page


def rate(page: Page, score: int = 8, feeling: str = "wonder") -> None:
    """Three taps."""
    page.get_by_role("button", name=f"{score} of 10").tap()
    page.get_by_role("button", name=feeling).tap()
    page.get_by_role("button", name="Send", exact=True).tap()


def visit(theatre: Theatre) -> Page:
    """The owner opens the place."""
    theatre.open()
    theatre.page.get_by_role("link", name="Concert").click()
    expect(theatre.page.get_by_role("heading", name="Concert", exact=True)).to_be_focused()
    return theatre.page


def own_concert(theatre: Theatre) -> Page:
    """The owner starts one, and is at the desk."""
    page = visit(theatre)
    page.get_by_role("button", name="Start a concert").click()
    page.get_by_label("What it is called").fill("Dawn")
    page.get_by_role("button", name="Start it").click()
    page.get_by_role("button", name="Your desk").click()
    return page
