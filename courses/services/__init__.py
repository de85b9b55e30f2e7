"""Services of this app. Keyword-only and atomic: lock, check, write, log, send the signal.

Locks are taken in one order, which prevents deadlocks: program, person, cohort or session, enrollment, progress.
"""
