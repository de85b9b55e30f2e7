"""An app with one table, for the view that what we save is compared with."""
