"""The demo world: people, lessons, cohorts and certificates that a visitor can believe.

Every builder finds what it built before, so building twice is safe. Nothing is left to chance but what a seeded
generator decides; dates are relative to the day the world is first built. Services do the writing; where their rules
against cheating leave no way to a past, one function in `lms.demo.history` writes it and says so.
"""
