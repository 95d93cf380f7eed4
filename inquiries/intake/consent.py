"""The text that people agree to when they send a request. Each request records its version."""

from django.conf import settings
from django.utils.translation import get_language

#: By language, then by version, oldest first. Never change a text that has been shown: add a new
#: version, and its equivalent in every other language.
_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "2026-11": (
            "I agree that the clinic stores what I wrote here and contacts me about it in the way "
            "I chose. Care Coordinators may read it. I can ask the clinic at any time to stop "
            "contacting me."
        ),
        "2026-11-23": (
            "I agree that the clinic stores what I wrote here and contacts me about it in the way "
            "I chose. Care Coordinators and the clinic’s privacy officer may read it. I can ask "
            "the clinic at any time to stop contacting me, or to erase it."
        ),
        "2026-11-23-2": (
            "I agree that the clinic stores what I wrote here and contacts me about it: first in "
            "the way I chose, and in another way that I gave only if that fails. Care Coordinators "
            "and the clinic’s privacy officer may read it. I can ask the clinic at any time to "
            "stop contacting me, or to erase it."
        ),
        "2026-11-29": (
            "I agree that the clinic can store what I wrote here and contact me about it. It will "
            "try the way I chose first. If that doesn’t work, it can try another way I gave. Care "
            "Coordinators and the clinic’s privacy officer can read what I wrote. I can ask the "
            "clinic at any time to stop contacting me, or to erase what I wrote."
        ),
    },
    "es": {
        "2026-11-29-es": (
            "Acepto que la clínica guarde lo que escribí aquí y se comunique conmigo al respecto. "
            "Primero lo intentará de la forma que elegí. Si no funciona, puede intentarlo de otra "
            "forma que indiqué. El equipo de Coordinación de Atención y la persona encargada de "
            "la privacidad en la clínica pueden leer lo que escribí. En cualquier momento puedo "
            "pedirle a la clínica que deje de comunicarse conmigo, o que borre lo que escribí."
        ),
    },
}
CONSENT_TEXTS = {version: text for texts in _TEXTS.values() for version, text in texts.items()}
CURRENT_CONSENT_VERSIONS = {language: list(texts)[-1] for language, texts in _TEXTS.items()}
#: The English version, for what staff read aloud.
CURRENT_CONSENT_VERSION = CURRENT_CONSENT_VERSIONS["en"]
#: People who agreed to these are contacted only in the way they chose.
_ONLY_AS_CHOSEN = {"2026-11", "2026-11-23"}


def current_version() -> str:
    """Return the version in the page's language, or the English one if it is not translated."""
    language = get_language() or settings.LANGUAGE_CODE
    return CURRENT_CONSENT_VERSIONS.get(language, CURRENT_CONSENT_VERSION)


def known_version(version: str) -> str:
    """Return this version if we ever showed it; otherwise the one the page shows today."""
    return version if version in CONSENT_TEXTS else current_version()


def language_of(version: str) -> str:
    """Return the language that a version is written in; empty if the version is unknown."""
    return next((language for language, texts in _TEXTS.items() if version in texts), "")


def may_use_other_channels(version: str) -> bool:
    """Return whether we may try another way that they gave if the one they chose has failed."""
    return version not in _ONLY_AS_CHOSEN
