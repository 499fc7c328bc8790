"""What became of a window is told in a sentence, also while people still look at it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.game.client.fake_fates import FAILED, NEIGHBOURS, message_of, people, verdict
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


def failed(spoken: int) -> dict[str, Any]:
    said = [verdict(one, believed=False) for one in NEIGHBOURS[:spoken]]
    return message_of(0) | {"drawn": people(), "verdicts": said, **FAILED}


@pytest.mark.parametrize("spoken", [1, 4])
def test_a_line_says_how_many_spoke_and_only_the_silent_can_be_asked(
    theatre: Theatre, spoken: int
) -> None:
    theatre.open()
    theatre.page.evaluate(SHOW, failed(spoken))
    shown = theatre.page.locator("#shown")
    expect(shown.locator(".line")).to_contain_text(f"{spoken} of 4 spoke, 0 believed it")
    expect(shown.get_by_role("button", name="Ask for a human look")).to_have_count(
        int(spoken < len(NEIGHBOURS))
    )


LATE = """
  async (window) => {
    const state = await import("/client/daemon/state.js");
    const { session } = state.session.value;
    state.windows.value = [{ ...window, session, from_us: 0 }];
    return session;
  }
"""


def test_a_word_that_comes_after_the_results_is_shown_there(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--fates=failed")
    theatre.start()
    page = theatre.page
    expect(page.locator(".strip")).to_contain_text("no coin", timeout=8_000)
    theatre.leave()
    session = page.evaluate(LATE, failed(3))
    card = page.locator(".window.failed")
    expect(card).to_contain_text("What 3 neighbours said")
    late = {"windows": [failed(4) | {"session": session}]}
    page.route("**/api/v1/blocks*", lambda route: route.fulfill(json=late))
    expect(card).to_contain_text("What 4 neighbours said", timeout=10_000)
    expect(card.get_by_role("button", name="Ask for a human look")).to_have_count(0)
