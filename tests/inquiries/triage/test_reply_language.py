"""A reply in another language than the sender asked for needs confirmation before it is sent."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from inquiries.forms import ReplyForm
from inquiries.models import CannedReply, Delivery, Inquiry, Message
from inquiries.states import State
from inquiries.submission_history import current_submission
from inquiries.triage import language_guess, steps
from portal.models import User
from tests.factories import correct, make_cannedreply, make_inquiry
from tests.inquiries.triage.queue_pages import QUEUE
from tests.inquiries.triage.sentences import ENGLISH, NEITHER, SPANISH

pytestmark = pytest.mark.django_db

OF = {"en": ENGLISH, "es": SPANISH}
NAMES = {"en": "English", "es": "Spanish"}


def of(owner: User, language: str, **fields: Any) -> Inquiry:
    by_mail: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}
    return make_inquiry(State.CLAIMED, owner=owner, language=language, **by_mail, **fields)


def send(client: Client, inquiry: Inquiry, how: str = "", **fields: Any) -> Any:
    typed = {f"reply-{name}": value for name, value in fields.items()}
    return client.post(
        f"{QUEUE}{inquiry.pk}/reply/{how}", {"reply-version": inquiry.version, **typed}
    )


def doubt_on(answer: Any) -> Tag | None:
    return BeautifulSoup(answer.text, "html.parser").select_one(".language-doubt")


def written(answer: Any) -> str:
    (field,) = BeautifulSoup(answer.text, "html.parser").select('textarea[name="reply-text"]')
    return field.get_text().removeprefix("\n")


def is_asked(inquiry: Inquiry, text: str) -> bool:
    form = ReplyForm({"version": inquiry.version, "text": text})
    assert form.is_valid(), form.errors
    return form.needs_confirmation(inquiry)


@pytest.mark.parametrize(("wanted", "other"), [("en", "es"), ("es", "en")])
def test_only_replies_in_the_wrong_language_are_questioned(
    coordinator: User, wanted: str, other: str
) -> None:
    inquiry = of(coordinator, wanted)
    assert [text for text in OF[wanted] if is_asked(inquiry, text)] == []
    assert [text for text in OF[other] if not is_asked(inquiry, text)] == []


@pytest.mark.parametrize(("wanted", "other"), [("en", "es"), ("es", "en")])
def test_a_wrong_language_is_pointed_out_and_the_typed_text_stays(
    at_work: Client, coordinator: User, wanted: str, other: str
) -> None:
    inquiry, text = of(coordinator, wanted), OF[other][0]
    answer = send(at_work, inquiry, text=text)
    assert answer.status_code == 422
    doubt = doubt_on(answer)
    assert doubt
    assert " ".join(doubt.get_text().split()).startswith(
        f"This reply looks like {NAMES[other]}. The sender asked for {NAMES[wanted]}. "
        "Send it anyway?"
    )
    assert written(answer) == text
    assert not Message.objects.exists()
    assert send(at_work, inquiry, text=OF[wanted][0]).status_code == 302
    assert Message.objects.get().text == OF[wanted][0]


@pytest.mark.parametrize("text", [text for text in NEITHER if text])
def test_replies_in_an_unclear_language_are_sent_at_once(
    at_work: Client, coordinator: User, text: str
) -> None:
    assert send(at_work, of(coordinator, "es"), text=text).status_code == 302


def test_senders_who_chose_no_language_get_replies_in_any(
    at_work: Client, coordinator: User
) -> None:
    assert send(at_work, of(coordinator, ""), text=SPANISH[0]).status_code == 302


def test_a_language_that_no_sender_can_choose_raises_no_question(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_guess, "guess_language", lambda text: "pl")
    assert not is_asked(of(coordinator, "es"), "Zadzwonię jutro.")


def test_pressing_the_button_twice_sends_the_reply_once(at_work: Client, coordinator: User) -> None:
    """The page's own button works without JavaScript; pressed twice, it sends once."""
    inquiry = of(coordinator, "es")
    doubt = doubt_on(send(at_work, inquiry, text=ENGLISH[0]))
    assert doubt
    (button,) = doubt.select("button")
    assert button["name"] == "reply-sure"
    assert button.get_text().strip() == "Send it in English"
    sure = {"text": ENGLISH[0], "sure": str(button["value"])}
    assert send(at_work, inquiry, **sure).status_code == 302
    again = send(at_work, inquiry, **sure)
    assert again.status_code == 409
    assert written(again) == ENGLISH[0]
    assert [each.text for each in Message.objects.all()] == [ENGLISH[0]]
    assert Delivery.objects.filter(kind=Delivery.Kind.REPLY).count() == 1


def test_confirming_one_language_does_not_confirm_another(
    at_work: Client, coordinator: User
) -> None:
    inquiry = of(coordinator, "en")
    answer = send(at_work, inquiry, text=SPANISH[0], sure="en")
    assert doubt_on(answer)
    assert not Message.objects.exists()


@pytest.mark.parametrize("change", ["closed", "noted"])
def test_a_change_in_the_meantime_is_reported_first(
    at_work: Client, coordinator: User, change: str
) -> None:
    inquiry = of(coordinator, "es")
    if change == "closed":
        steps.close(inquiry, outcome="answered", version=inquiry.version, by=coordinator)
    else:
        steps.add_note(inquiry, text="x", version=inquiry.version, by=coordinator)
    answer = send(at_work, inquiry, text=ENGLISH[0])
    assert answer.status_code == 409
    assert doubt_on(answer) is None
    assert "this request changed after you opened it" in answer.text
    assert ENGLISH[0] in answer.text


def test_the_senders_correction_counts(at_work: Client, coordinator: User) -> None:
    inquiry = of(coordinator, "en")
    correct(inquiry, replace(current_submission(inquiry), language="es"))
    inquiry.refresh_from_db()
    assert doubt_on(send(at_work, inquiry, text=ENGLISH[0]))
    assert send(at_work, inquiry, text=SPANISH[0]).status_code == 302


def test_the_preview_also_warns_about_the_language(at_work: Client, coordinator: User) -> None:
    answer = send(at_work, of(coordinator, "es"), "preview/", text=ENGLISH[0])
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select(".message-preview")
    assert len(page.select("[autofocus]")) == 1
    assert page.select(".language-doubt button")


# --- Replies to begin from ------------------------------------------------------------------------


def groups(client: Client, inquiry: Inquiry) -> dict[str, list[str]]:
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    return {
        str(group["label"]): [option.get_text() for option in group.select("option")]
        for group in page.select('select[name="reply-begin"] optgroup')
    }


@pytest.mark.parametrize(
    ("language", "order"),
    [("en", ["English", "Spanish"]), ("es", ["Spanish", "English"]), ("", ["English", "Spanish"])],
)
def test_replies_in_the_senders_language_come_first(
    at_work: Client, coordinator: User, language: str, order: list[str]
) -> None:
    shown = groups(at_work, of(coordinator, language))
    assert list(shown) == order
    assert "We tried to call you" in shown["English"]
    assert "Intentamos llamarle (We tried to call you)" in shown["Spanish"]


def test_filled_in_replies_show_the_english_text_beside_them(
    at_work: Client, coordinator: User
) -> None:
    inquiry = of(coordinator, "es", full_name="Ana Example")
    reply = CannedReply.objects.get(title="Cómo prepararse para una cita")
    answer = send(at_work, inquiry, "fill/", begin=reply.pk, text="")
    assert written(answer).startswith("Hola, Ana Example:\n\nAntes de su cita")
    page = BeautifulSoup(answer.text, "html.parser")
    (beside,) = page.select('.step-reply .beside [lang="en"]')
    assert beside.get_text("\n").strip().startswith("Hello Ana Example,\n")
    assert "You can bring someone with you." in beside.get_text()
    own = make_cannedreply(language="es", text="Hola.")
    assert not BeautifulSoup(
        send(at_work, inquiry, "fill/", begin=own.pk, text="").text, "html.parser"
    ).select(".step-reply .beside")


@pytest.mark.parametrize("reply", ["en", "es"])
def test_the_text_after_the_greeting_begins_with_a_capital(reply: str) -> None:
    for row in CannedReply.objects.filter(language=reply):
        _, following, *_ = row.text.split("\n\n")
        assert following[0].isupper()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_preview_is_in_the_senders_language(
    at_work: Client, coordinator: User, language: str
) -> None:
    answer = send(at_work, of(coordinator, language), "preview/", text=OF[language][0])
    (shown,) = BeautifulSoup(answer.text, "html.parser").select(".message-preview .message")
    assert shown["lang"] == language
    (when,) = shown.select("time")
    assert (" de " in when.get_text()) == (language == "es")
