"""What the staff pages of every app need from a request and for a page."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import Media, Script
from django.http import HttpRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Figure:
    """A count on the start page, with the address of the list that shows exactly those."""

    label: "StrOrPromise"
    count: str
    address: str
    #: Whether anything but zero needs someone.
    is_alarm: bool = False

    @property
    def is_alarming(self) -> bool:
        return self.is_alarm and self.count != "0"


@dataclass(frozen=True)
class StartPart:
    """One person's part of the start page: a template, and what it shows."""

    template: str
    shown: dict[str, Any] = field(default_factory=dict)


def current_user(request: HttpRequest) -> Any:
    """Return the signed-in user, who is staff because `admin_view` has checked that."""
    return request.user


def script_media(*names: str) -> Media:
    """Return script tags for the head of a page; each page works without them."""
    files: Any = [Script(f"portal/js/{name}.js", defer=True) for name in names]
    return Media(js=files)
