"""Finding what readers look for, in the words that they use.

`finder.find` reads a query (`query`, `synonyms`, `spelling`), looks up candidates (`lookup` for
articles, `glance` for the few other pages), ranks them (`ranking`), and shows where the words are
(`snippets`). Both databases hold the same stemmed words and only look them up: decision 45.
"""
