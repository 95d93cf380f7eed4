"""Who runs this portal, as shown to readers; set by the operator."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from portal.config import environment

#: Deadlines skip public holidays, and none are known for these regions.
WITHOUT_HOLIDAYS = frozenset({"AC", "TA"})
#: Fields that hold text, with their variables. Each further language has its own variable, such as
#: CLINIC_HOURS_ES.
IN_WORDS = {
    "hours": "CLINIC_HOURS",
    "interests": "CLINIC_INTERESTS",
    "about": "CLINIC_ABOUT",
    "editorial": "CLINIC_EDITORIAL",
    "funding": "CLINIC_FUNDING",
    "complaints": "CLINIC_COMPLAINTS",
}
#: Those without a default: only the clinic knows what is true.
TOLD_BY_CLINIC = ("about", "editorial", "funding", "complaints")


def gettext_noop(words: str) -> str:
    """Mark text for the catalogs. Django's own needs the settings, which are just being loaded."""
    return words


# The catalogs have these too, so that a clinic that sets nothing is described in each language.
_HOURS = gettext_noop("Monday to Friday, 9 a.m. to 5 p.m. Eastern Time")
_INTERESTS = gettext_noop("Ask us if we earn money from a treatment or study. We’ll tell you.")


@dataclass(frozen=True)
class Clinic:
    """Who answers here, and where, as shown to readers."""

    name: str
    #: As printed; empty where the clinic gives no number.
    phone: str
    #: Opening hours in words.
    hours: str
    postal_address: str
    #: ISO 3166-1 alpha-2: decides which holidays deadlines skip, and how phone numbers are read.
    country: str
    #: IANA name of the time zone in which deadlines are counted.
    time_zone: str
    emergency_number: str
    #: For people who are thinking about hurting themselves; empty where there is none.
    crisis_line: str
    #: Where security researchers can write (RFC 9116): a mailto: or https: URL; empty for none.
    security_contact: str
    #: A sentence for readers: whether the clinic earns money from what they may be told about.
    interests: str
    #: As set by the operator; see `emergency_text`.
    emergency_text_number: str = ""
    #: What deaf people dial for a relay service; empty where there is none.
    relay_number: str = ""
    #: The clinic's own TTY, and its number for text messages; empty for none.
    tty: str = ""
    text_number: str = ""
    #: What only the clinic can say about itself, each a paragraph for readers; empty for none. Who
    #: it is, how it decides what to write, who pays for the site, and how to complain.
    about: str = ""
    editorial: str = ""
    funding: str = ""
    complaints: str = ""
    #: The texts of `IN_WORDS` by language, as set for it.
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    @classmethod
    def from_environment(cls, other_languages: Iterable[str] = ()) -> Self:
        """Raise ImproperlyConfigured where a value is wrong, or would mislead readers elsewhere.

        The emergency number, the crisis line and the hours have defaults for the United States
        only: anywhere else, a default would send someone in danger to the wrong number.
        `other_languages`: codes of the site's languages other than the first.
        """
        country = environment.text("CLINIC_COUNTRY", "US").upper()
        if country not in phonenumbers.SUPPORTED_REGIONS or country in WITHOUT_HOLIDAYS:
            raise ImproperlyConfigured(
                f"CLINIC_COUNTRY is {country!r}. Set it to an ISO 3166-1 code such as US, ES or GB."
            )
        time_zone = environment.text("CLINIC_TIME_ZONE", "America/New_York")
        try:
            ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ImproperlyConfigured(
                f"CLINIC_TIME_ZONE is {time_zone!r}. Set it to an IANA name such as Europe/Madrid."
            ) from error
        at_home = country == "US"
        return cls(
            name=environment.text("CLINIC_NAME", "Care Portal"),
            phone=environment.text("CLINIC_PHONE"),
            hours=_text(
                "CLINIC_HOURS",
                _HOURS,
                at_home=at_home and time_zone == "America/New_York",
            ),
            postal_address=environment.text("CLINIC_POSTAL_ADDRESS"),
            country=country,
            time_zone=time_zone,
            emergency_number=_text("CLINIC_EMERGENCY_NUMBER", "911", at_home=at_home),
            crisis_line=environment.text("CLINIC_CRISIS_LINE", "988" if at_home else ""),
            security_contact=environment.text("CLINIC_SECURITY_CONTACT"),
            interests=environment.text("CLINIC_INTERESTS", _INTERESTS),
            emergency_text_number=environment.text("CLINIC_EMERGENCY_TEXT"),
            relay_number=environment.text("CLINIC_RELAY_NUMBER", "711" if at_home else ""),
            tty=environment.text("CLINIC_TTY"),
            text_number=environment.text("CLINIC_TEXT_NUMBER"),
            about=environment.text("CLINIC_ABOUT"),
            editorial=environment.text("CLINIC_EDITORIAL"),
            funding=environment.text("CLINIC_FUNDING"),
            complaints=environment.text("CLINIC_COMPLAINTS"),
            translations={
                language: {
                    name: environment.text(f"{variable}_{language.upper().replace('-', '_')}")
                    for name, variable in IN_WORDS.items()
                }
                for language in other_languages
            },
        )

    def in_language_of_page(self) -> Self:
        """Return the clinic with its texts in the page's language.

        Text that has no translation is marked as of another language, or a screen reader would
        read it out in the wrong voice.
        """
        return self._translated(_mark_untranslated)

    def in_language_of_mail(self) -> Self:
        """Like `in_language_of_page`, for plain text."""
        return self._translated(lambda words: words)

    def _translated(self, mark: Callable[[str], str]) -> Self:
        language = get_language() or settings.LANGUAGE_CODE
        if language == settings.LANGUAGE_CODE:
            return self
        own = self.translations.get(language, {})

        def say(name: str, words: str) -> str:
            return own.get(name) or (_translated_default(words) or mark(words) if words else "")

        said: dict[str, Any] = {name: say(name, getattr(self, name)) for name in IN_WORDS}
        return replace(self, **said)

    def untold(self) -> list[str]:
        """The variables of texts that readers miss: not set, or set in one language only."""
        missing = []
        for name in TOLD_BY_CLINIC:
            variable = IN_WORDS[name]
            if not getattr(self, name):
                missing.append(variable)
                continue
            missing += [
                f"{variable}_{language.upper().replace('-', '_')}"
                for language, words in self.translations.items()
                if not words.get(name)
            ]
        return missing

    @property
    def emergency_text(self) -> str:
        """The number for texting emergency services; empty where they don't take texts."""
        return self.emergency_text_number or ("911" if self.emergency_number == "911" else "")

    @property
    def phone_href(self) -> str:
        """`tel:` link (RFC 3966); empty where there is no phone."""
        return self._href(self.phone)

    @property
    def tty_href(self) -> str:
        """Like `phone_href`."""
        return self._href(self.tty)

    @property
    def text_href(self) -> str:
        """`sms:` link (RFC 5724); empty where the clinic takes no texts."""
        return self._href(self.text_number).replace("tel:", "sms:").replace("-", "")

    def _href(self, printed: str) -> str:
        if not printed:
            return ""
        number = phonenumbers.parse(printed, self.country)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)


def _translated_default(words: str) -> str:
    """Return an empty string for an operator's own words, which are in no catalog."""
    said = gettext(words)
    return said if said != words else ""


def _mark_untranslated(words: str) -> str:
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, words)


def _text(name: str, default: str, *, at_home: bool) -> str:
    if at_home:
        return environment.text(name, default)
    return environment.required(name, f"Its default ({default}) is only right in New York.")
