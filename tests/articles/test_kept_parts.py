"""Parts of a page that are rendered once: what tells them apart, and what they cannot show."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from articles.templatetags import kept
from portal.models import User


def draw(text: str, **shown: object) -> str:
    return Template("{% load i18n kept %}" + text).render(Context(shown))


def test_a_part_sees_only_what_it_names() -> None:
    assert draw("{% kept a=a %}{{ a }}{{ secret }}{% endkept %}", a="A", secret="S") == "A"


def test_a_part_is_rendered_once_for_the_same_values() -> None:
    made = []
    template = Template("{% load kept %}{% kept a=a %}{{ a }}{{ a.note }}{% endkept %}")

    class Noted(str):
        __slots__ = ()

        @property
        def note(self) -> str:
            made.append(self)
            return "!"

    for said in ("A", "A", "B"):
        assert template.render(Context({"a": Noted(said)})) == f"{said}!"
    assert made == ["A", "B"]


def test_what_is_equal_but_looks_different_is_told_apart() -> None:
    text = "{% kept a=a %}{{ a }}{% endkept %}"
    template = Template("{% load kept %}" + text)
    shown = [mark_safe("<b>"), "<b>", 1, True]
    drawn = [template.render(Context({"a": each})) for each in shown]
    assert drawn == ["<b>", "&lt;b&gt;", "1", "True"]


def test_each_language_has_its_own() -> None:
    template = Template("{% load kept %}{% kept a=a %}{{ a }}{% endkept %}")
    said = []
    for language in ("en", "es"):
        with translation.override(language):
            said.append(template.render(Context({"a": gettext_lazy("Monday")})))
    assert said == ["Monday", "Lunes"]


def test_a_row_of_the_database_is_no_key() -> None:
    with pytest.raises(TypeError, match="row of User"):
        draw("{% kept who=who %}{{ who }}{% endkept %}", who=User(username="ana"))


def test_a_part_takes_names_only() -> None:
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        draw("{% kept a %}{% endkept %}", a="A")


def test_when_too_many_are_kept_all_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    template = Template("{% load kept %}{% kept a=a %}{{ a }}{% endkept %}")
    for said in "ABCA":
        assert template.render(Context({"a": said})) == said
