"""Reads of live classes: who may enter, what happened, who was there."""
