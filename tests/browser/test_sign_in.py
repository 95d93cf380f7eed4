"""Staff sign-in in a real browser, with a passkey, and without JavaScript."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from portal.models import Role, User
from tests.browser import pages
from tests.browser.conftest import spotless_page
from tests.factories import PASSWORD, make_staff
from tests.portal.accounts.devices import App, with_app

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """Use the host name: a passkey belongs to a name, which an IP address is not."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def page(browser: Browser, site: str, look: dict[str, Any]) -> Iterator[Page]:
    with spotless_page(browser, site, look) as page:
        yield page


@pytest.fixture
def coordinator(live_server: LiveServer) -> User:
    pages.load_content()
    return make_staff(Role.COORDINATOR, username="ana")


@pytest.fixture
def passkeys(page: Page) -> None:
    """Add a virtual authenticator, like that of a phone or laptop, which always succeeds."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def enter(page: Page) -> None:
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def enter_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def leave(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/$"))


@pytest.mark.usefixtures("passkeys")
def test_a_passkey_set_up_at_first_sign_in_is_enough_to_sign_in(
    page: Page, coordinator: User
) -> None:
    page.goto(pages.QUEUE)
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Account security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I saved my codes").click()
    expect(page).to_have_url(re.compile(f"{pages.QUEUE}$"))

    page.locator(".staff-account summary").click()
    page.get_by_role("link", name="Account security").click()
    expect(page.get_by_role("main")).to_contain_text("My laptop")
    leave(page)
    page.goto(f"{pages.QUEUE}?view=mine")
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(r"\?view=mine$"))

    leave(page)
    page.goto(pages.QUEUE)
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(f"{pages.QUEUE}$"))

    page.goto("/accounts/mfa/webauthn/reauthenticate/?next=/accounts/sessions/")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where you’re signed in")


def test_a_password_can_be_pasted(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(pages.SIGN_IN)
    name, password = page.get_by_label("User name"), page.get_by_label("Password")
    name.fill(PASSWORD)
    name.press("ControlOrMeta+a")
    name.press("ControlOrMeta+c")
    password.press("ControlOrMeta+v")
    expect(password).to_have_value(PASSWORD)


def test_a_missing_passkey_is_reported_in_plain_words(page: Page, coordinator: User) -> None:
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send(
        "WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": False}}
    )
    page.goto(pages.SIGN_IN_BY_PASSKEY)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "No passkey was used. Select the button to try again."
    )
    page.get_by_role("link", name="Use your password instead").click()
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Account security")


def test_password_and_app_need_no_script(page_without_script: Page, coordinator: User) -> None:
    page = page_without_script
    page.goto(pages.QUEUE)
    enter(page)
    page.get_by_role("link", name="Set up an app").click()
    app = App((page.locator(".totp-secret").text_content() or "").replace(" ", ""))
    page.get_by_label("Code from your app").fill(app.code())
    page.get_by_role("button", name="Set up app").click()
    page.get_by_role("link", name="I saved my codes").click()
    expect(page).to_have_url(re.compile(f"{pages.QUEUE}$"))
    leave(page)
    page.goto(pages.QUEUE)
    enter(page)
    enter_code(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("That code is wrong")
    enter_code(page, app.code(seconds=30))  # the previous code was used
    expect(page).to_have_url(re.compile(f"{pages.QUEUE}$"))


def test_a_passkey_page_without_script_says_what_to_do(page_without_script: Page) -> None:
    page_without_script.goto(pages.SIGN_IN_BY_PASSKEY)
    expect(page_without_script.get_by_role("main")).to_contain_text("Passkeys need JavaScript")
    expect(page_without_script.get_by_role("button", name="Use a passkey")).to_be_hidden()


@pytest.mark.usefixtures("passkeys")
def test_sign_in_pages_are_accessible(
    page: Page, coordinator: User, examine: Callable[[str], None]
) -> None:
    def visit(name: str, address: str) -> None:
        answer = page.goto(address)
        assert answer
        assert answer.ok, name
        examine(name)

    app = with_app(coordinator)
    page.goto(pages.QUEUE)
    enter(page)
    enter_code(page, app.code())
    # This comes before axe, because its debugger removes the passkeys when it detaches.
    page.goto("/accounts/mfa/webauthn/add/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_have_text("Passkey added.")
    examine("own sign-in, told")
    visit("recovery codes", "/accounts/mfa/recovery-codes/")
    visit("recovery codes, shown before", "/accounts/mfa/recovery-codes/")
    visit("recovery codes, new", "/accounts/mfa/recovery-codes/generate/")
    visit("app, to remove", "/accounts/mfa/totp/deactivate/")
    visit("who they are, by code", "/accounts/mfa/reauthenticate/")
    visit("who they are, by passkey", "/accounts/mfa/webauthn/reauthenticate/")
    visit("own sign-in", "/accounts/mfa/")
    page.get_by_role("link", name="Rename").click()
    examine("passkey, to rename")
    page.goto("/accounts/mfa/")
    page.get_by_role("link", name="Remove Passkey 1").click()
    examine("passkey, to remove")
    leave(page)
    page.goto(pages.QUEUE)
    enter(page)
    examine("second step")
    enter_code(page, "000000")
    examine("second step, refused")
