"""Your devices in the settings, and settings that follow you from browser to browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.game.client.theatre import Theatre

SCROLL = "() => import('/client/settings/settings.js').then((all) => all.settings.value.scroll.ms)"
OFFSET = (
    "() => import('/client/settings/settings.js')"
    ".then((all) => all.settings.value.calibration.input_us)"
)


def change(page: Page, group: str, fields: str) -> None:
    page.evaluate(
        "([group, fields]) => import('/client/settings/settings.js')"
        ".then((all) => all.change(group, JSON.parse(fields)))",
        [group, fields],
    )


def wait_for(page: Page, script: str, value: object) -> None:
    for _ in range(100):
        if page.evaluate(script) == value:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(script) == value


def synchronised(page: Page) -> None:
    page.evaluate("() => import('/client/settings/following.js').then((all) => all.synchronise())")


def test_a_device_joins_by_a_code_and_is_forgotten_after_a_look_at_what_that_means(
    theatre: Theatre,
) -> None:
    theatre.open()
    theatre.settings("Devices")
    page = theatre.page
    devices = page.locator(".devices > li")
    expect(devices).to_have_count(1)
    expect(devices.first).to_contain_text("Ann's desk")
    expect(devices.first).to_contain_text("holds the pen")
    page.get_by_role("button", name="Add a device").click()
    expect(page.get_by_role("img", name="Code by which another device")).to_be_visible()
    expect(page.locator(".address")).to_contain_text("popd:device?")
    theatre.ask("devices/laptop")
    expect(page.get_by_text("The new device has joined.")).to_be_visible()
    expect(page.locator(".qr")).to_have_count(0)
    page.get_by_role("button", name="Forget laptop").click()
    preview = page.get_by_role("alertdialog", name="Forget laptop?")
    expect(preview).to_contain_text("It can't play, send or rate as you any more")
    preview.get_by_role("button", name="Keep it").click()
    expect(devices).to_have_count(2)
    page.get_by_role("button", name="Forget laptop").click()
    preview.get_by_role("button", name="Forget it").click()
    expect(devices).to_have_count(1)


def test_a_companion_says_that_the_pen_is_away_and_adds_nobody(theatre: Theatre) -> None:
    theatre.ask("devices/away")
    theatre.open()
    theatre.settings("Devices")
    page = theatre.page
    expect(page.locator(".trouble")).to_contain_text("The device that holds your pen is away.")
    expect(page.get_by_role("button", name="Add a device")).to_have_count(0)
    expect(page.get_by_text("Devices are added and forgotten on the one")).to_be_visible()


def test_what_is_changed_in_one_browser_is_there_in_another(
    raise_curtain: Callable[..., Theatre],
) -> None:
    one, other = raise_curtain("--no-riffs"), raise_curtain("--no-riffs")
    one.open()
    other.open()
    change(one.page, "scroll", '{"ms": 900}')
    change(one.page, "calibration", '{"input_us": 5000}')
    one.page.wait_for_timeout(600)
    synchronised(one.page)
    synchronised(other.page)
    wait_for(other.page, SCROLL, 900)
    assert other.page.evaluate(OFFSET) == 0, "how late a keyboard is belongs to the machine"
    told = one.ask("devices/look")
    assert told["own"]["settings"] == {"scroll.ms": "900"}


def test_what_was_changed_while_the_daemon_was_away_wins_when_it_is_back(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", may_fail=True)
    theatre.open()
    synchronised(theatre.page)
    theatre.page.route("**/api/v1/own/**", lambda route: route.abort())
    change(theatre.page, "scroll", '{"ms": 700}')
    theatre.page.wait_for_timeout(600)
    assert theatre.ask("devices/look")["own"]["settings"] == {}
    theatre.page.unroute("**/api/v1/own/**")
    theatre.page.reload()
    wait_for(theatre.page, SCROLL, 700)
    for _ in range(100):
        if theatre.ask("devices/look")["own"]["settings"] == {"scroll.ms": "700"}:
            break
        theatre.page.wait_for_timeout(50)
    assert theatre.ask("devices/look")["own"]["settings"] == {"scroll.ms": "700"}


def test_noise_from_elsewhere_changes_no_setting(theatre: Theatre) -> None:
    theatre.open()
    before = theatre.page.evaluate(
        "() => import('/client/settings/settings.js').then((a) => a.exportText())"
    )
    theatre.page.evaluate(
        """() => import('/client/settings/settings.js').then((all) => {
          all.follow("settings", {"scroll.ms": "NaN", "scroll.mode": "spiral", "__proto__.ms": "1",
            "calibration.input_us": "9", "x.y": "1", "scroll": "1"});
          all.follow("keymaps", {"keyboard.4": "KeyA KeyA KeyA KeyA", "keyboard.99": "KeyA",
            "mouse.4": "a b c d", "keyboard.5": "Escape KeyA KeyB KeyC KeyD"});
        })"""
    )
    after = theatre.page.evaluate(
        "() => import('/client/settings/settings.js').then((a) => a.exportText())"
    )
    assert after == before
