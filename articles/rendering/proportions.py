"""Proportions as percentages, with how far chance alone could move them."""

from math import sqrt

from articles.rendering import words

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
        return words.under("0.1%")
    if 0.9995 <= share < 1:  # noqa: PLR2004
        return words.over("99.9%")
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def format_interval(count: int, total: int) -> str:
    low, high = wilson_interval(count, total)
    return words.interval(format_percent(low), format_percent(high))


def describe_proportion(count: int, total: int) -> str:
    """Return a phrase like “49 of 81 people, 60.5%; 95% interval 49.6% to 70.5%”."""
    percent = format_percent(count / total)
    return words.proportion(count, total, percent, format_interval(count, total))
