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
}
CURRENT = list(CONSENT_TEXTS)[-1]
