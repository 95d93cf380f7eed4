"""“28 de noviembre de 2026”, “lunes 30 de noviembre”, “5 p.m.”: as written in the United States."""

DATE_FORMAT = r"j \d\e F \d\e Y"
WEEKDAY_FORMAT = r"l j \d\e F"
TIME_FORMAT = "P"
DATETIME_FORMAT = r"j \d\e F \d\e Y, P"
# With the weekday, for dates that are days away.
WEEKDAY_TIME_FORMAT = r"l j \d\e F, P"
# To the second, for those who have to prove when something happened.
TIMESTAMP_FORMAT = r"j \d\e F \d\e Y, g:i:s a"
# For the labels below a chart.
MONTH_DAY_FORMAT = "j M"
# For machines, in `datetime` attributes: HTML allows no microseconds.
ISO_FORMAT = r"Y-m-d\TH:i:sO"
