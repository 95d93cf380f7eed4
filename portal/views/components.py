"""Every component of the public pages, in every state: for staff, and compared as pictures."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models.category import Picture
from articles.permissions import CHANGE_REFERENCES
from portal import staff_words as words

#: Icons that are not pictures of topics.
_OTHER_ICONS = ("index", "source", "review", "dated", "free", "phone", "search", "urgent", "person")


class ExampleForm(forms.Form):
    """Nothing that is typed here goes anywhere."""

    name = forms.CharField(label=words.EXAMPLE_NAME, help_text=words.EXAMPLE_HINT)
    way = forms.ChoiceField(
        label=words.EXAMPLE_CHOICE,
        choices=(("phone", words.EXAMPLE_PHONE), ("email", words.EXAMPLE_EMAIL)),
        widget=forms.RadioSelect,
    )
    agrees = forms.BooleanField(label=words.EXAMPLE_CHECKBOX)


def show_components(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.has_perm(CHANGE_REFERENCES):
        raise PermissionDenied
    context = {
        "icons": [(name, f"icons/{name}.html") for name in (*Picture.values, *_OTHER_ICONS)],
        "empty_form": ExampleForm(auto_id="empty_%s"),
        "wrong_form": ExampleForm({}, auto_id="wrong_%s"),
    }
    return render(request, "admin/components.html", context)
