"""Proportions as percentages, with how far chance alone could move them."""

from math import sqrt

from articles.rendering import card_words

_Z = 1.959964  # 95% of a normal distribution is within this many standard deviations


def wilson_interval(count: int, total: int) -> tuple[float, float]:
    """Return the ends of the 95% interval of a proportion, from 0 to 1: Wilson's score interval.

    Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
    1927;22:209-12. It is accurate for small groups and for none or all, where the usual one is not
    (Brown LD, Cai TT, DasGupta A. Interval estimation for a binomial proportion. Stat Sci
    2001;16:101-33).
    """
    share = count / total
    middle = share + _Z**2 / (2 * total)
    reach = _Z * sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    scale = 1 + _Z**2 / total
    low = 0.0 if count == 0 else (middle - reach) / scale
    high = 1.0 if count == total else (middle + reach) / scale
    return low, high


def format_percent(share: float) -> str:
    """Format to one decimal. Nearly none is never 0%, and nearly all is never 100%."""
    if 0 < share < 0.0005:  # noqa: PLR2004 - what rounds to 0.0%
        return card_words.under("0.1%")
    if 0.9995 <= share < 1:  # noqa: PLR2004
        return card_words.over("99.9%")
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def format_interval(count: int, total: int) -> str:
    low, high = wilson_interval(count, total)
    return card_words.interval(format_percent(low), format_percent(high))


def format_per_hundred(count: int, total: int) -> str:
    """Return a phrase like “about 60 per 100”; empty for 100 people, whose count says it already.

    Only nobody is “0 per 100”, and only everybody is “100 per 100”.
    """
    if total == 100:  # noqa: PLR2004
        return ""
    whole, rest = divmod(100 * count, total)
    if not rest:
        return card_words.per_hundred(str(whole), is_exact=True)
    nearest = whole + (2 * rest >= total)
    if nearest == 0:
        return card_words.under_one_per_hundred()
    if nearest == 100:  # noqa: PLR2004
        return card_words.nearly_all_per_hundred()
    return card_words.per_hundred(str(nearest), is_exact=False)
