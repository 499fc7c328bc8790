"""What became of a window is told in a sentence, also while people still look at it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.game.client.fake_fates import message_of, people
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

SHOW = """
  async (window) => {
    const { html, render } = await import("/client/html.js");
    const { WindowCard } = await import("/client/play/fate.js");
    const box = document.createElement("div");
    box.id = "shown";
    document.body.replaceChildren(box);
    render(html`<${WindowCard} window=${window} windowMs=${20000} />`, box);
  }
"""


@pytest.mark.parametrize(
    ("looking", "words"),
    [
        (0, "Waiting for the word of 4 neighbours; usually 2 s."),
        (1, "Ada (practice) looks at it before giving a word; usually within a minute."),
        (
            2,
            "Ada (practice), Bela (practice) look at it before giving a word; "
            "usually within a minute.",
        ),
    ],
)
def test_whoever_looks_at_a_window_is_named(theatre: Theatre, looking: int, words: str) -> None:
    window: dict[str, Any] = message_of(0) | {"state": "drawn", "drawn": people()}
    theatre.open()
    theatre.page.evaluate(SHOW, window | {"looking": people()[:looking]})
    expect(theatre.page.locator("#shown")).to_contain_text(words)
