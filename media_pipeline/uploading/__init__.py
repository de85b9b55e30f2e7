"""Resumable uploads by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload). Knows no Django.

`protocol` reads headers and says what is wrong with them; `parts` is the file that grows.
"""

# Where a file is announced; below it, one address for each.
UPLOADS_PATH = "/media/uploads/"
