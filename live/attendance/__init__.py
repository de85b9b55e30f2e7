"""How presence becomes attendance, and the sheet that is printed of it."""
