"""How a reviewer rated the evidence cards of a post, in its front matter."""

from typing import Any

from articles.posts import words
from articles.posts.post import MalformedPost
from articles.rendering.certainty import Certainty, Ground, Rating, Ratings

_FIELDS = {"card", "level", "because"}


def read_ratings(front: dict[str, Any]) -> Ratings:
    """Read the list “certainty”: for each card its number, level, and reasons.

    Raise MalformedPost.
    """
    value = front.get("certainty") or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MalformedPost(1, words.NOT_RATINGS)
    ratings: dict[int, Rating] = {}
    for item in value:
        number = str(item.get("card", ""))
        is_number = number.isascii() and number.isdecimal() and len(number) <= 3  # noqa: PLR2004
        if set(item) - _FIELDS or not is_number or int(number) in ratings:
            raise MalformedPost(1, words.NOT_RATINGS)
        ratings[int(number)] = _rating(item)
    return ratings


def _rating(item: dict[str, Any]) -> Rating:
    because = item.get("because") or []
    if not isinstance(because, list):
        raise MalformedPost(1, words.NOT_RATINGS)
    try:
        level = Certainty(_code(item.get("level")))
    except ValueError as error:
        said = {"value": item.get("level"), "choices": ", ".join(Certainty.values)}
        raise MalformedPost(1, words.NOT_ONE_OF % {"field": words.THE_LEVEL, **said}) from error
    try:
        grounds = tuple(Ground(_code(each)) for each in because)
    except ValueError as error:
        said = {"value": ", ".join(map(str, because)), "choices": ", ".join(Ground.values)}
        raise MalformedPost(1, words.NOT_ONE_OF % {"field": words.A_REASON, **said}) from error
    return Rating(level=level, grounds=grounds)


def write_ratings(ratings: Ratings) -> list[dict[str, Any]]:
    """Return what `read_ratings` reads as the same."""
    return [
        {"card": str(number), **{name: value for name, value in rating.as_json().items() if value}}
        for number, rating in sorted(ratings.items())
    ]


def _code(written: object) -> str:
    """Accept “very low” for “very_low”."""
    return str(written).strip().lower().replace(" ", "_")
