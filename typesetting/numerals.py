"""Arabic-Indic digits. Free of Django, for PDFs and web pages."""

ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
_FROM_LATIN = str.maketrans("0123456789", ARABIC_INDIC)


def arabic_digits(value: object) -> str:
    """Write every digit 0-9 of a text as ٠-٩, whatever it belongs to."""
    return str(value).translate(_FROM_LATIN)
