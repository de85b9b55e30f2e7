"""Checks every page of a running demo as each of its users: language, HTML, accessibility, layout shifts.

    make demo            (in one terminal)
    make crawl           (in another)

It follows links from the home page in both languages, logged in as each role of the demo and as a guest, at most a few
pages of each kind. What is wrong is printed with where, a summary as one line of JSON ends the output, and the exit status
is 1 when there is something. Pages are kept in var/crawl/.
"""
