"""The verbs of teaching. Keyword-only and atomic: lock, guard, write, audit, announce.

Locks are taken in one order, so that services never wait for each other in a circle: program, person, cohort or
session, enrollment, progress.
"""
