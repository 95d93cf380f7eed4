"""Short forms that people type, and real words that only look like misspelled ones."""

#: What stands for several words, or is typed shorter; patterns are read by it, too.
SHORT_FORMS = {
    **{"cant": "can not", "cannot": "can not", "dont": "do not", "doesnt": "does not"},
    **{"didnt": "did not", "isnt": "is not", "arent": "are not", "wasnt": "was not"},
    **{"werent": "were not", "havent": "have not", "hasnt": "has not", "hadnt": "had not"},
    **{"wont": "will not", "wouldnt": "would not", "couldnt": "could not", "aint": "is not"},
    **{"shouldnt": "should not", "mustnt": "must not", "dnt": "do not", "cnt": "can not"},
    **{"im": "i am", "ive": "i have", "id": "i would", "iam": "i am", "imma": "i am going to"},
    **{"hes": "he is", "shes": "she is", "theyre": "they are", "theyve": "they have"},
    **{"hed": "he would", "shed": "she would", "theyd": "they would", "youre": "you are"},
    **{"its": "it is", "thats": "that is", "whats": "what is", "wheres": "where is"},
    **{"gonna": "going to", "gunna": "going to", "gona": "going to", "wanna": "want to"},
    **{"wana": "want to", "hafta": "have to", "gotta": "have to", "tryna": "trying to"},
    **{"lemme": "let me", "dunno": "do not know", "idk": "i do not know", "doin": "doing"},
    **{"kms": "kill myself", "cuz": "because", "bc": "because", "coz": "because"},
    **{"u": "you", "ur": "your", "r": "are", "b4": "before", "plz": "please", "pls": "please"},
    **{"w": "with", "wo": "without", "rn": "now", "tmrw": "tomorrow", "2day": "today"},
    **{"2nite": "tonight", "tonite": "tonight", "thru": "through"},
    **{"q": "que", "k": "que", "ke": "que", "xq": "porque", "pq": "porque", "x": "por"},
    **{"toy": "estoy", "stoy": "estoy", "tmb": "tambien", "xfa": "por favor", "d": "de"},
    **{"pa": "para", "mija": "mi hija", "mijo": "mi hijo"},
}

#: One letter away from a word of the patterns, and right as they are.
REAL_WORDS = frozenset(
    """
    """.split()
)


def spelled_out(word: str) -> list[str]:
    return SHORT_FORMS.get(word, word).split()
