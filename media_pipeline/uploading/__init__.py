"""Resumable uploads by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload). Knows no Django.

`protocol` parses and checks headers; `parts` appends to the part file.
"""

# The creation URL; uploads have addresses below it.
UPLOADS_PATH = "/media/uploads/"
