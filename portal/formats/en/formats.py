"""“November 28, 2026”, “Monday, November 30”, “5 p.m.”"""

DATE_FORMAT = "F j, Y"
WEEKDAY_FORMAT = "l, F j"
TIME_FORMAT = "P"
DATETIME_FORMAT = "F j, Y, P"
# With the weekday, for dates that are days away.
WEEKDAY_TIME_FORMAT = "l, F j, P"
# To the second, for those who have to prove when something happened.
TIMESTAMP_FORMAT = "F j, Y, g:i:s a"
# For the labels below a chart.
MONTH_DAY_FORMAT = "M j"
# For machines, in `datetime` attributes: HTML allows no microseconds.
ISO_FORMAT = r"Y-m-d\TH:i:sO"
