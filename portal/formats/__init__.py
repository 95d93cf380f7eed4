"""How dates and times are written, by language; Django's own where none stands here."""
