"""The printed form."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from inquiries.intake import consent
from tests.inquiries.intake.form_pages import page_of

pytestmark = pytest.mark.django_db


def test_the_paper_form_asks_the_same_questions_and_can_be_mailed(
    client: Client, settings: Any
) -> None:
    settings.CLINIC = replace(
        settings.CLINIC, phone="(202) 555-0123", postal_address="1 Example Street"
    )
    response = client.get("/care-coordinator/paper/")
    assert response["Cache-Control"] == "public, max-age=60"
    page = page_of(response)
    paper = page.select_one(".paper-form")
    assert paper
    words = paper.get_text(" ", strip=True)
    for said in (
        *("1 Example Street", "(202) 555-0123", "911", "988", "It’s free"),
        *(consent.CONSENT_TEXTS[consent.CURRENT_CONSENT_VERSION], consent.CURRENT_CONSENT_VERSION),
        *("I’m a parent or legal guardian", "Don’t leave a message", "Español", "interpreter"),
        *("Other people use or answer this phone", "not contact you"),
    ):
        assert said in words
    assert not page.select("main form, main input")
    assert page_of(client.get("/care-coordinator/")).select('a[href="/care-coordinator/paper/"]')


def test_the_paper_form_works_without_a_clinic_phone_or_address(client: Client) -> None:
    words = page_of(client.get("/care-coordinator/paper/")).get_text(" ", strip=True)
    assert "None" not in words
    assert "please use the form on our website" in words
