"""Speech to timed words, by a program the operator chose: an engine that a site may do without."""
