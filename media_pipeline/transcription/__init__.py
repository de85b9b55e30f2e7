"""Speech to timed words, by a program the operator chose. Free of Django."""
