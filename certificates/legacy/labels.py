"""The labels of the columns of an index."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "number": _("Number on the paper"),
    "name_ar": _("Name in Arabic"),
    "name_en": _("Name in Latin letters"),
    "national_number": _("National number"),
    "program_ar": _("Program in Arabic"),
    "program_en": _("Program in English"),
    "level": _("Level"),
    "hours": _("Hours"),
    "completed_on": _("Completed on"),
    "issued_on": _("Issued on"),
    "valid_until": _("Valid until"),
    "scan": _("File name of the scan"),
}
