"""Questions in the formats of other software, one module for each format. Independent of Django.

Each module reads a file into `Item`s and lists what it could not take; `write` makes a file of items and lists those that the format
cannot hold. `assessment.exchange.item` says what the results are; `docs/reference/question-formats.md` what each format holds.
"""
