"""“28 de noviembre de 2026”, “lunes 30 de noviembre”, “5 p.m.”: the usage of the United States."""

DATE_FORMAT = r"j \d\e F \d\e Y"
WEEKDAY_FORMAT = r"l j \d\e F"
TIME_FORMAT = "P"
DATETIME_FORMAT = r"j \d\e F \d\e Y, P"
