"""The dictionaries of the languages that have a stemmer: their words, and how common each is."""

import gzip
import json
from importlib.util import find_spec
from pathlib import Path


def read_dictionary(language: str) -> dict[str, int]:
    """Map each word, in lower case and with its accents, to how often people use it.

    It takes forty megabytes and a tenth of a second, so nobody keeps it.
    """
    package = find_spec("spellchecker")
    folder = Path(package.origin or "" if package else "").with_name("resources")
    packed = folder / f"{language}.json.gz"
    words: dict[str, int] = json.loads(gzip.decompress(packed.read_bytes()))
    return words
