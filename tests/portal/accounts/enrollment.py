"""Setting up a second factor as staff do."""

import re

from django.test import Client

from tests.portal.accounts import devices
from tests.portal.accounts.devices import App, Passkey

ADD_PASSKEY = "/accounts/mfa/webauthn/add/"


def add_passkey(client: Client) -> Passkey:
    passkey = Passkey()
    credential = passkey.register(devices.options_on(client.get(ADD_PASSKEY)))
    answer = client.post(ADD_PASSKEY, {"name": "Blue key", "credential": credential})
    assert answer.status_code == 302, answer.context["form"].errors
    return passkey


def set_up_app(client: Client) -> App:
    page = client.get("/accounts/mfa/totp/activate/")
    found = re.search(r'<code class="totp-secret">([A-Z2-7 ]+)</code>', page.text)
    assert found
    app = App(found[1].replace(" ", ""))
    assert client.post("/accounts/mfa/totp/activate/", {"code": app.code()}).status_code == 302
    return app
