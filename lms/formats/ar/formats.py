"""Dates as the ministry writes them: day, month by name, year; the clock in 12 hours, as Egyptians say them: ٤:٠٠ م."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "j F Y، g:i a"
SHORT_DATE_FORMAT = "j/n/Y"
SHORT_DATETIME_FORMAT = "j/n/Y g:i a"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 6
# Ours, for `|date:"…"`: a day of this year or the next, with the day of the week where people plan by it.
LONG_DAY_FORMAT = "l j F"
LONG_DATE_FORMAT = "l j F Y"
DAY_TIME_FORMAT = "j F، g:i a"
LONG_DAY_TIME_FORMAT = "l j F، g:i a"
LONG_DATETIME_FORMAT = "l j F Y، g:i a"
DATETIME_SECONDS_FORMAT = "j F Y، g:i:s a"
# What people type: as our fields write it, and as it is written here, the day first. Never the month first.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
DATETIME_INPUT_FORMATS = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %I:%M %p",
    "%Y-%m-%d",
]
