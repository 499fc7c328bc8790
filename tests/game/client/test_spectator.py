"""A concert's listeners: guests on phones and owners, three taps to rate, and nothing is lost."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from consensus.signing import public_key
from tests.game.client.concert_stories import (
    NARROW,
    SOURCES,
    adas_concert,
    ask,
    come_in,
    come_in_by_code,
    heard,
    lan,
    rate,
    visit,
)
from tests.game.client.fake_fates import NEIGHBOURS, SECRET
from tests.game.client.test_access import faults, spills
from tests.game.client.theatre import Theatre
from wallet.mnemonic import seed_from_words

pytestmark = pytest.mark.browser

Curtain = Callable[..., Theatre]
ADA, BELA = NEIGHBOURS[:2]


@pytest.fixture
def phone(raise_curtain: Curtain) -> Theatre:
    return raise_curtain(**NARROW)


@pytest.fixture
def home(raise_curtain: Curtain) -> Theatre:
    return raise_curtain()


def test_a_guest_rates_with_three_taps_and_sees_what_became_of_it(phone: Theatre) -> None:
    adas_concert(phone)
    page = come_in(phone)
    assert page.url == f"{lan(phone)}/"
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.locator(".guest-bar")).to_contain_text("guest of Robin")
    expect(page.locator(".awaited")).to_contain_text("Waiting for the performers to open")
    ask(phone, "phase?to=open")
    expect(page.get_by_text("Yours can be given once the first song has begun.")).to_be_visible()
    ask(phone, "song")
    expect(page.locator(".lanes canvas")).to_be_visible()
    rate(page)
    mine = page.get_by_label("Your rating")
    expect(mine).to_contain_text("8 of 10 · wonder")
    expect(mine).to_contain_text("Scored by hand.")
    expect(mine).to_contain_text("Robin keeps it. Until the reveal only its seal is told")
    said = ask(phone)
    [key] = said["seats"].values()
    assert said["opinions"] == [
        {
            "performer": ADA["id"], "score_ppm": 800_000, "tags": ["wonder"], "comment": "",
            "modality": "manual", "method": "", "caller": key,
        }
    ]  # fmt: skip
    ask(phone, "phase?to=locked")
    expect(page.locator(".awaited")).to_contain_text("Waiting for the reveal")
    expect(mine.get_by_role("button")).to_have_count(0)
    ask(phone, "crowd?voices=31")
    ask(phone, "phase?to=revealed")
    expect(page.get_by_text("The ratings come in")).to_be_visible()
    ask(phone, "mint?crowd=33")
    expect(page.get_by_label("What everybody said")).to_contain_text(
        "33 voices gave 7.6 of 10 on average. You gave 8."
    )
    ask(phone, "phase?to=closed")
    receipt = page.get_by_label("The coin of this concert")
    expect(receipt).to_contain_text("Your 8 of 10 brought 0.041 of it.")
    expect(receipt).not_to_contain_text("to you")
    expect(page.locator(".comments li")).to_have_count(3)


def test_a_code_typed_by_hand_opens_the_same_door(raise_curtain: Curtain) -> None:
    theatre = raise_curtain(**NARROW, may_fail=True)
    page = theatre.page
    page.goto(f"{lan(theatre)}/")
    page.get_by_label("Code of the poster").fill("x1y-zw q?vv")
    expect(page.get_by_label("Code of the poster")).to_have_value("XYZWQV")
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_role("alert")).to_contain_text("That code opens no concert here.")
    assert faults(theatre) == []
    adas_concert(theatre)
    come_in_by_code(theatre)
    ask(theatre, "full")
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(f"{lan(theatre)}/#concert={SECRET}")
    expect(page.get_by_role("alert")).to_contain_text("Every seat is taken here.")
    expect(page.get_by_role("alert")).to_contain_text("Join through somebody else's host.")


def test_a_phone_comes_back_to_its_seat_with_what_it_was_about_to_say(
    raise_curtain: Curtain,
) -> None:
    theatre = raise_curtain(**NARROW, may_fail=True)
    adas_concert(theatre, "sung", "phase?to=open")
    page = come_in(theatre)
    page.get_by_role("button", name="6 of 10").tap()
    page.get_by_role("button", name="One more").tap()
    page.get_by_role("button", name="tears").tap()
    page.reload()
    expect(page.locator(".arc-score")).to_contain_text("7 of 10")
    ask(theatre, "forget-seats")
    page.reload()
    expect(page.get_by_role("button", name="tears")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.get_by_label("Your rating")).to_contain_text("7 of 10 · tears")
    keys = [one["key"] for one in ask(theatre)["heard"] if one.get("path") == "guest"]
    assert (len(keys), len(set(keys))) == (2, 1)


def test_a_phone_whose_door_was_shut_is_told_so_and_what_to_do(raise_curtain: Curtain) -> None:
    theatre = raise_curtain(**NARROW, may_fail=True)
    adas_concert(theatre, "sung", "phase?to=open")
    page = come_in(theatre)
    ask(theatre, "shut-door")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("This concert's door was shut.")
    expect(page.get_by_role("alert")).to_contain_text("What you said stays said.")
    expect(page.get_by_label("Code of the poster")).to_be_visible()
    assert faults(theatre) == []


def test_what_was_sent_into_silence_is_said_again_and_counted_once(phone: Theatre) -> None:
    adas_concert(phone, "sung", "phase?to=open")
    page = come_in(phone)
    ask(phone, "deaf")
    rate(page)
    expect(page.locator(".sending")).to_contain_text("Your 8 of 10 is on its way.")
    ask(phone, "cut")
    expect(page.locator(".sending")).to_contain_text("sent as soon as the line is back")
    expect(
        page.get_by_text("Your host can't be reached right now. It is tried again by itself;")
    ).to_be_visible()
    assert (faults(phone), max(0, spills(phone))) == ([], 0)
    page.reload()
    expect(page.locator(".sending")).to_be_visible()
    ask(phone, "hearing")
    ask(phone, "mend")
    expect(page.get_by_label("Your rating")).to_contain_text("8 of 10", timeout=8_000)
    sent = heard(phone, "opinion")
    assert len(sent) >= 2
    assert all(one == sent[0] for one in sent)
    assert page.evaluate(SOURCES, ["saying.js", "kept"]) is None


def test_an_owner_taps_along_and_takes_a_proposal_or_not(home: Theatre) -> None:
    adas_concert(home, "sung", "phase?to=open", jam=True)
    page = visit(home)
    page.get_by_role("button", name="Take a seat").click()
    page.locator(".whom label", has_text="Bela").click()
    page.get_by_role("button", name="Tap along").click()
    for _ in range(9):
        page.locator(".pad").click(delay=0)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Stop tapping").click()
    page.get_by_text("Say more").click()
    page.get_by_label("Words to the performers").fill("Wonderful, and long")
    page.get_by_role("button", name="from my tapping").click()
    proposal = page.locator(".proposal")
    expect(proposal).to_contain_text("7 of 10 by your tapping (tap-along energy), because:")
    expect(proposal).to_contain_text("10 taps, most of them near a beat.")
    proposal.get_by_role("button", name="No").click()
    page.get_by_role("button", name="from my words").click()
    expect(proposal).to_contain_text("“wonderful” counts 9 of 10.")
    proposal.get_by_role("button", name="Take it").click()
    expect(page.locator(".how")).to_contain_text("By your words (small word list).")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Your rating")).to_contain_text("7 of 10 for Bela")
    batches = [one["taps_ms"] for one in heard(home, "taps")]
    taps = [ms for batch in batches for ms in batch]
    assert len(taps) == 10
    assert all(before <= after for before, after in pairwise(taps))
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("button", name="One less").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Your rating")).to_contain_text("6 of 10")
    said = [(one["performer"], one["score_ppm"], one["modality"], one["method"])
            for one in ask(home)["opinions"]]  # fmt: skip
    assert said == [
        (BELA["id"], 700_000, "comment", "lexicon-1"),
        (BELA["id"], 600_000, "manual", ""),
    ]


def test_a_rating_that_is_refused_says_why_and_what_to_do(phone: Theatre) -> None:
    adas_concert(phone, "sung", "phase?to=open")
    page = come_in(phone)
    ask(phone, "refuse?why=It+was+locked+before+yours+came.&next=Listen+on.")
    rate(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("It was locked before yours came. Listen on.")
    assert (faults(phone), max(0, spills(phone))) == ([], 0)
    page.reload()
    expect(alert).to_contain_text("It was locked before yours came.")
    alert.get_by_role("button", name="Put it away").click()
    expect(page.locator(".arc")).to_be_visible()
    assert len(heard(phone, "opinion")) == 1


def test_a_guest_keeps_the_key_as_words_that_a_wallet_takes(phone: Theatre) -> None:
    adas_concert(phone)
    page = come_in(phone)
    page.get_by_role("button", name="Keep this as yours").click()
    page.get_by_role("button", name="Show the 24 words").click(force=True)
    expect(page.locator(".seed-words")).to_have_count(0)
    assert (faults(phone), max(0, spills(phone))) == ([], 0)
    page.get_by_label("I understand").check()
    page.get_by_role("button", name="Show the 24 words").click()
    expect(page.locator(".seed-words b")).to_have_count(24)
    shown = page.locator(".seed-words b").all_inner_texts()
    [key] = ask(phone)["seats"].values()
    assert public_key(seed_from_words(" ".join(shown))).hex() == key
    expect(page.get_by_text("popctl wallet restore --network practice")).to_be_visible()
    assert (faults(phone), max(0, spills(phone))) == ([], 0)
    page.get_by_role("button", name="I wrote them down").click()
    expect(page.locator(".seed-words")).to_have_count(0)


def test_an_owners_phone_takes_a_seat_and_leads_nothing(raise_curtain: Curtain) -> None:
    theatre = raise_curtain("--scopes=play,rate,read", **NARROW)
    adas_concert(theatre, "phase?to=open", "sung")
    page = visit(theatre)
    places = page.get_by_role("navigation", name="Places").get_by_role("link").all_inner_texts()
    assert places == ["Play", "Nearby", "Concert", "Songs", "Settings"]
    expect(page.get_by_role("button", name="Start a concert")).to_have_count(0)
    page.get_by_role("button", name="Take a seat").click()
    rate(page, 10, "joy")
    expect(page.get_by_label("Your rating")).to_contain_text("10 of 10 · joy")
    page.reload()
    expect(page.get_by_label("Your rating")).to_contain_text("10 of 10 · joy")


def test_every_state_of_a_listener_is_for_everybody(phone: Theatre) -> None:
    adas_concert(phone, jam=True)
    page = come_in(phone)
    page.emulate_media(reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(phone), spills(phone)

    look("waiting")
    ask(phone, "phase?to=open")
    ask(phone, "song")
    expect(page.locator(".arc")).to_be_visible()
    look("open")
    page.get_by_role("button", name="4 of 10").tap()
    page.get_by_role("button", name="calm").tap()
    page.get_by_text("Say more").tap()
    page.get_by_label("Words to the performers").fill("A" * 300)
    expect(page.get_by_text("0 letters left")).to_be_visible()
    page.get_by_role("button", name="from my words").tap()
    expect(page.locator(".proposal")).to_be_visible()
    look("proposed")
    small = page.evaluate(
        """() => {
          const targets = ".arc > button, .feelings button, .send, .whom label > span";
          return [...document.querySelectorAll(targets)].map((one) => one.getBoundingClientRect())
            .filter(({ width, height }) => width < 56 || height < 56).length;
        }"""
    )
    assert small == 0
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.get_by_label("Your rating")).to_be_visible()
    look("sent")
    page.get_by_role("button", name="Tap along").tap()
    look("tapping")
    page.locator(".pad").tap()
    expect(page.locator(".ring")).to_have_count(0)
    ask(phone, "phase?to=locked")
    page.get_by_role("button", name="Stop tapping").tap()
    look("locked")
    ask(phone, "crowd?voices=31")
    ask(phone, "phase?to=closed")
    ask(phone, "mint?crowd=33")
    expect(page.get_by_label("The coin of this concert")).to_be_visible()
    look("closed")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


HIDDEN = """() => {
  const top = document.querySelector(".send-bar").getBoundingClientRect().top;
  return [...document.querySelectorAll(".feelings button, .arc > button")]
    .filter((one) => one.getBoundingClientRect().bottom > top).length;
}"""


def test_the_bar_that_sends_hides_no_feeling_of_a_jam(
    raise_curtain: Callable[..., Theatre],
) -> None:
    desk = raise_curtain(width=1280, height=800)
    adas_concert(desk, "sung", "phase?to=open", "song", jam=True)
    page = visit(desk)
    page.get_by_role("button", name="Take a seat").click()
    page.get_by_role("button", name="8 of 10").click()
    expect(page.locator(".send-bar")).to_be_visible()
    assert page.evaluate(HIDDEN) == 0
    phone = raise_curtain(width=360, height=740, touch=True)
    adas_concert(phone, "sung", "phase?to=open", "song", jam=True)
    page = come_in_by_code(phone)
    page.get_by_role("button", name="8 of 10").tap()
    expect(page.locator(".send-bar")).to_be_visible()
    assert page.evaluate(HIDDEN) == 0


CUT_OFF = """() => {
  const { left, right } = document.querySelector('.whom .those').getBoundingClientRect();
  return [...document.querySelectorAll('.whom label')].filter((label) => {
    const { left: from, right: to } = label.getBoundingClientRect();
    const name = label.querySelector('.name');
    return from < left || to > right || name.scrollHeight > name.clientHeight + 1;
  }).length;
}"""


def test_both_performers_of_a_jam_can_be_chosen_without_scrolling(phone: Theatre) -> None:
    adas_concert(phone, "sung", "phase?to=open", "song", jam=True)
    page = come_in(phone)
    expect(page.locator(".whom label")).to_have_count(2)
    assert page.evaluate(CUT_OFF) == 0


ODD_STORES = ("not json", "[]", '{"token": 7}', '"x"', '{"secret": "a", "token": "b"}')


def test_what_is_stored_wrongly_is_forgotten(phone: Theatre) -> None:
    page = phone.page
    page.goto(lan(phone))
    for text in ODD_STORES:
        page.evaluate(
            """(text) => {
              for (const key of ["seat", "guest", "opinion"]) localStorage[`popd.${key}`] = text;
              sessionStorage["popd.draft"] = text;
            }""",
            text,
        )
        page.reload()
        expect(page.get_by_label("Code of the poster")).to_be_visible()
    adas_concert(phone, "sung", "phase?to=open")
    come_in_by_code(phone)
    rate(page, 2, "tension")
    expect(page.get_by_label("Your rating")).to_contain_text("2 of 10 · tension")
