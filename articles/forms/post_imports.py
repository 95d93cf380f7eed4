"""The forms of an import of posts: what is uploaded, and what is said yes to."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from articles.text_cleaning import clean_line

if TYPE_CHECKING:
    from portal.models import User

#: In MB, of all files together (`portal.http.limits`).
MOST_MEGABYTES = 20
#: A form has at most 200 fields. What is not asked is answered with no.
MOST_CATEGORIES, MOST_AUTHORS = 120, 60
_ACCEPTED = ".xml,.html,.htm,.docx,.md,.markdown,.txt,.zip,.jpg,.jpeg,.png,.webp"
_NAME_LENGTH = 200


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files, each cleaned like one."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        found = data if isinstance(data, (list, tuple)) else [data]
        return [super(_FilesField, self).clean(each, initial) for each in found or [None]]


class PostsForm(forms.Form):
    file = _FilesField(
        label=_("Files"),
        widget=_FilesInput(attrs={"accept": _ACCEPTED}),
        help_text=format_lazy(
            _(
                "WordPress exports (.xml), web pages (.html), Word documents (.docx), Markdown "
                "(.md), and text (.txt). Add their pictures as files or in a .zip, such as one of "
                "the old site’s “uploads” folder. At most {files} files and {size} MB in all."
            ),
            files=settings.DATA_UPLOAD_MAX_NUMBER_FILES,
            size=MOST_MEGABYTES,
        ),
    )

    def uploads(self) -> list[tuple[str, bytes]]:
        """Return the name and the bytes of each file."""
        files: list[UploadedFile] = self.cleaned_data["file"]
        return [(clean_line(each.name or "")[-_NAME_LENGTH:], each.read()) for each in files]


class Ticked(NamedTuple):
    """What was said yes to, whatever else is on the page."""

    categories: list[str]
    #: Keys of accounts, by names on the old site.
    authors: dict[str, str]


class ImportChoicesForm(forms.Form):
    """What an import would make besides drafts: each new category and author needs a yes."""

    categories = forms.MultipleChoiceField(
        label=_("New categories to propose"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Readers see a category’s name, so a medical reviewer approves it first. Then import "
            "the same file again: drafts that nobody has edited are filed under it."
        ),
    )

    def __init__(
        self,
        *args: Any,
        categories: Sequence[str] = (),
        names: Sequence[str] = (),
        accounts: Iterable["User"] = (),
        ticked: Ticked | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["categories"]
        asked.choices = [(name, name) for name in categories[:MOST_CATEGORIES]]
        asked.initial = ticked.categories if ticked else []
        if not asked.choices:
            del self.fields["categories"]
        self._names = names[:MOST_AUTHORS]
        self._accounts = {str(each.pk): each for each in accounts}
        nobody = ("", _("Nobody: I’m the author, and their name is in the history"))
        people = [nobody, *((key, each.public_name) for key, each in self._accounts.items())]
        for number, name in enumerate(self._names):
            self.fields[f"author_{number}"] = forms.ChoiceField(
                label=_("Who is “%(name)s” here?") % {"name": name},
                required=False,
                choices=people,
                initial=ticked.authors.get(name, "") if ticked else "",
            )

    def ticked(self) -> Ticked:
        self.full_clean()
        return Ticked(
            self.cleaned_data.get("categories", []),
            {name: str(account.pk) for name, account in self.authors().items()},
        )

    def authors(self) -> dict[str, "User"]:
        """Return the accounts of those who have one, by their names on the old site."""
        chosen = {
            name: self.cleaned_data.get(f"author_{number}")
            for number, name in enumerate(self._names)
        }
        return {name: self._accounts[key] for name, key in chosen.items() if key}
