"""Marking of closed questions in exact arithmetic, one module for each kind. Independent of Django.

`assessment.marking.kinds` makes a question from what is stored; see `assessment.marking.question` for what every kind has in common.
"""
