"""Names a browser in words: enough to tell one's own phone from somebody else's."""

from portal.accounts import words

# Order matters, because a user agent also names others: Edge says that it is Chrome and Safari.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def describe_user_agent(user_agent: str) -> str:
    """Return a description such as “Firefox on Windows”."""
    browser = _first(_BROWSERS, user_agent, str(words.UNKNOWN_BROWSER))
    device = _first(_DEVICES, user_agent, "")
    if not device:
        return browser
    return words.BROWSER_ON_DEVICE % {"browser": browser, "device": device}


def _first(names: dict[str, str], user_agent: str, otherwise: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), otherwise)
