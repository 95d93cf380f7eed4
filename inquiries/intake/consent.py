"""The words that people agree to when they send a request. Each request keeps which it was."""

#: By version, oldest first. Never change one that was shown: add the next.
CONSENT_TEXTS = {
    "2026-11": (
        "I agree that the clinic stores what I wrote here and contacts me about it in the way I "
        "chose. Care Coordinators may read it. I can ask the clinic at any time to stop "
        "contacting me."
    ),
    "2026-11-23": (
        "I agree that the clinic stores what I wrote here and contacts me about it in the way I "
        "chose. Care Coordinators and the clinic’s privacy officer may read it. I can ask the "
        "clinic at any time to stop contacting me, or to erase it."
    ),
    "2026-11-23-2": (
        "I agree that the clinic stores what I wrote here and contacts me about it: first in the "
        "way I chose, and in another way that I gave only if that fails. Care Coordinators and "
        "the clinic’s privacy officer may read it. I can ask the clinic at any time to stop "
        "contacting me, or to erase it."
    ),
}
CURRENT_CONSENT_VERSION = list(CONSENT_TEXTS)[-1]
#: Who agreed to these is contacted in the way she chose, and in no other.
_ONLY_AS_CHOSEN = {"2026-11", "2026-11-23"}


def may_use_other_channels(version: str) -> bool:
    """Whether we may try another way that she gave, once the one she chose has failed."""
    return version not in _ONLY_AS_CHOSEN
