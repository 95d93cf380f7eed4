"""Parts of a page that a process renders once and keeps.

    {% kept menu=staff_menu %}…{% endkept %}

The part sees the variables that it names, and nothing else of the page: it cannot show one person
what was made for another. Name no words of a patient: what is kept stays in memory.
"""

from typing import Any

from django import template
from django.db.models import Model
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

#: The most parts that are kept. Then all are made again, which takes less than choosing some.
_MOST = 4096
_drawn: dict[Any, SafeString] = {}


class KeptNode(template.Node):
    def __init__(self, names: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.names = names
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        shown = {name: each.resolve(context) for name, each in self.names.items()}
        key = (self, get_language(), *map(_key_of, shown.values()))
        drawn = find_kept(key)
        if drawn is None:
            drawn = mark_safe(self.nodelist.render(context.new(shown)))  # noqa: S308 - as rendered
            keep(key, drawn)
        return drawn


def _key_of(value: Any) -> Any:
    """Return what tells values apart that look different on a page."""
    if isinstance(value, Model):
        # Two versions of a row are equal to Django.
        raise TypeError(f"A part of a page cannot be kept by a row of {type(value).__name__}.")
    if isinstance(value, Promise):
        return str(value)
    return type(value), value  # text that is safe is equal to text that is not, and 1 to True


def keep(key: Any, drawn: SafeString) -> None:
    if len(_drawn) >= _MOST:
        _drawn.clear()
    _drawn[key] = drawn


def find_kept(key: Any) -> SafeString | None:
    return _drawn.get(key)


def clear_cache() -> None:
    _drawn.clear()


@register.tag("kept")
def parse_kept(parser: Parser, token: Token) -> KeptNode:
    _name, *bits = token.split_contents()
    names = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError("“kept” takes name=value only")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(names, nodelist)
