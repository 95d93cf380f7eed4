"""Sample reference files, ordinary and hostile."""

RIS = """\
TY  - JOUR
AU  - Sole, Anna
AU  - Heel, Ben
TI  - Slippers
  and magnets
T2  - Journal of Footwear
PY  - 2013/11/01/
VL  - 1
IS  - 2
SP  - 3
EP  - 4
DO  - https://doi.org/10.1007/X
ER  -

TY - GOVDOC
AU - US Food and Drug Administration
TI - About slippers
PY - 2020
DO - nonsense
"""

BIBTEX = r"""
@string{jof = "Journal of Footwear"}
@article{one, author = {Sole, Anna and Ben H{\"o}el and others}, year = 2013, month = nov,
  title = {Slippers in 50% of {UK} feet at $\beta$}, journal = jof, volume = 1, number = {2},
  pages = {3--4}, doi = {10.1007/x\_1}}
@misc{one, author = {{U.S. Food and Drug Administration}}, title = "First", title = "Second",
  url = {https://fda.example/a%20b~c}, year = 2020, journal = unknown}
@article{broken, title = {No end, year = 2010}
@article{last, title = {Said {"}no{"}}, year = {in press}}
"""

HOSTILE = {
    "a tag, and lines without end": "TY  - JOUR\nTI  - x\n" + " a\n" * 300_000,
    "a line before any tag": "TY  - JOUR\n words\nDO  - 10.1/x\nER  - \nTY  - JOUR\n more\nER  - ",
    "many records": "TY  - JOUR\nTI  - x\nER  - \n" * 35_000,
    "many authors": "TY  - JOUR\nTI  - x\n" + "AU  - Sole, A\n" * 70_000,
    "many links": "TY  - JOUR\nTI  - x\nUR  - " + ";" * 900_000,
    "nested braces": "@article{a, title={" + "{" * 400_000 + "}" * 400_000 + "}}",
    "open braces": "@article{a, title=" + "{" * 900_000,
    "many entries": "@a{b,title={x}}\n" * 60_000,
    "many fields": "@a{b,title={x}," + "c={d},\n" * 130_000 + "}",
    "empty groups": ("@a{b,title={x" + "{}" * 900 + "},author={" + "{}" * 400 + "}}\n") * 300,
    "deep commands": "@a{b,title={" + r"\emph{" * 300 + "x" + "}" * 300 + "}}",
    "deep parts": "@a{b,title={" + r"\begin{a}" * 200 + "}}",
    "closing braces": "@a{b,title={x},author={" + r"\}" * 20_000 + "}}",
    "a string of itself": "@string{a = a}\n@string{b = a # b}\n@a{c, title = b, journal = a}",
    "a title of a book": "@a{b, title={" + "x" * 100_000 + "}}",
    "many ands": "@a{b, title={x}, author={" + "and " * 200_000 + "}}",
    "a comment": "@comment{" * 1_900,
    "files": r"@a{b, title={\input{/etc/passwd} \include{/etc/passwd}}}",
}
