"""Paper of a cohort: lists with lines to write on, and labels. Independent of Django: words come translated."""

from courses.printing.labels import Label, draw_labels
from courses.printing.lists import PrintedColumn, PrintedList, Stamp, draw_list

__all__ = ["Label", "PrintedColumn", "PrintedList", "Stamp", "draw_labels", "draw_list"]
