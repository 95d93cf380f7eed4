"""Date and time formats by language; Django's own apply to any that are not set here."""
