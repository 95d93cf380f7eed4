"""Organizations among the authors, which must not become people with invented initials."""

import re

#: Words in the names of organizations that are never part of a person's name.
_BODY = re.compile(
    r"\b(?:academ(?:y|ies)|administration|agency|alliance|association|authority|board|bureau"
    r"|care|cent(?:er|re)s?|clinics?|collaborat(?:ion|ive|ors)|colleges?|commission|committee"
    r"|companies|company|consorti(?:um|a)|control|corporation|council|department|diseases?"
    r"|division|excellence|federation|force|foundation|governments?|groups?|health|hospitals?|inc"
    r"|initiative|institut\w*|investigators|laborator(?:y|ies)|league|llc|ltd|medicines?|ministry"
    r"|nations|network|offices?|organi[sz]ations?|panel|pharmaceuticals?|prevention"
    r"|program(?:me)?|registry|research|researchers|school|sciences|services?|soci[eé]t\w+"
    r"|stud(?:y|ies)|team|trial(?:s|ists)?|trust|union|universit\w+|working|workshop"
    # Spanish, Portuguese, Italian, and French
    r"|minist[eéè]r\w+|socied\w+|grupos?|gruppo|groupe|funda(?:ción|ção)|fondation|fondazione"
    r"|servi(?:cio|ço|zio)s?|liga|ligue|asociación|associa(?:ção|zione|ció)|consejo|conselho"
    r"|consiglio|conseil|comit[eéê]|comisión|comissão|commissione|colegio|colégio|collège"
    r"|universidad\w*|hôpita(?:l|ux)|ospedal\w+|agencia|agência|agence|agenzia|secretaría"
    r"|dirección|federa(?:ción|ção|zione)|fédération|centros?|academia|académie|accademia"
    r"|confederación|organi[sz]a(?:ción|ção)|organizzazione|organisation|salud|santé|saúde|sanità"
    # German and Dutch
    r"|\w*gesellschaft|gmbh|stiftung|verein|vereinigung|verband|bundes\w+|\w*zentrum|klinik\w*"
    r"|\w*kommission|arbeitsgemeinschaft|arbeitsgruppe|ministerium|\w*krankenhaus|vereniging"
    r"|stichting|ziekenhuis)\b",
    re.IGNORECASE,
)
#: Well-known names with an “and” inside, which BibTeX would split. Words may precede them.
_KNOWN = (
    r"Institute for Health and (?:Care|Clinical) Excellence",
    r"Cent(?:er|re)s? for Disease (?:Control and Prevention|Prevention and Control)",
    r"Food and Drug Administration",
    r"(?:Ministry|Department) of Health and (?:Human Services|Social Care|Welfare)",
    r"Department of Health, Education,? and Welfare",
    r"(?:Ministry|Department) of Health,? Labou?r,? and Welfare",
    r"Institute of Arthritis and Musculoskeletal and Skin Diseases",
    r"Institute of Diabetes and Digestive and Kidney Diseases",
    r"Institute of Allergy and Infectious Diseases",
    r"Medicines and Healthcare products Regulatory Agency",
    r"Agency for Healthcare Research and Quality",
    r"Institute for Quality and Efficiency in Health ?Care",
    r"Centre for Reviews and Dissemination",
    r"College of Obstetricians and Gyna?ecologists",
    r"Occupational Safety and Health Administration",
    r"Substance Abuse and Mental Health Services Administration",
    r"Health and Medical Research Council",
    r"Academies of Sciences, Engineering,? and Medicine",
    r"Organi[sz]ation for Economic Co-?operation and Development",
    r"Johnson and Johnson",
)
_KNOWN_IN_LIST = re.compile(
    rf"(?:^|(?<= and ))((?:(?!and )[^\s,;{{}}]+ ){{0,6}}(?:{'|'.join(_KNOWN)})"
    r"(?: \([^(){},;]{1,40}\))?)(?= and |$)",
    re.IGNORECASE,
)


def is_body(line: str) -> bool:
    """Whether only an organization, a committee, or the like can have this name."""
    first = line.split(",", maxsplit=1)[0]
    return " " in first.strip() and bool(_BODY.search(first))


def brace_known(names: str) -> str:
    """Put braces around well-known organizations in a list that BibTeX splits at “and”."""
    return _KNOWN_IN_LIST.sub(r"{\1}", names)
