"""Answers to every question that the form asks, also to those that come later."""

from typing import Any

from django import forms

from inquiries.forms import InquiryForm

#: Answers that have to look like something; a topic has to be there first.
EXAMPLES = {"phone": "(202) 555-0161", "email": "canary@example.org", "topic": ""}


def example(name: str, *, number: int = 1) -> Any:
    """What somebody may answer, other than nothing: `number` tells two texts apart."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    question = InquiryForm.base_fields[name]
    if isinstance(question, forms.BooleanField):
        return True
    choices: Any = getattr(question, "choices", ())
    if choices:
        last, _ = [*choices][-1]
        return [last] if isinstance(question, forms.MultipleChoiceField) else last
    assert isinstance(question, forms.CharField)
    return f"{number}. {name.replace('_', ' ')} said"[: question.max_length]
