"""Example answers to every question of the form, including questions that are added later."""

from typing import Any

from django import forms

from inquiries.forms import InquiryForm

#: Answers that need a certain format; a topic must exist first.
EXAMPLES = {"phone": "(202) 555-0161", "email": "canary@example.org", "topic": ""}


def example(name: str, *, number: int = 1) -> Any:
    """Return a non-empty answer to this question; `number` makes two texts differ."""
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
