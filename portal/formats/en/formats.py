"""“November 28, 2026”, “Monday, November 30”, “5 p.m.”"""

DATE_FORMAT = "F j, Y"
WEEKDAY_FORMAT = "l, F j"
TIME_FORMAT = "P"
DATETIME_FORMAT = "F j, Y, P"
