"""The table of authorization: every address, command, task and API operation has a row here, and each row is tested.

`table` says what a row is. The rows are in `workplace` (our pages for staff), `site` (our other pages and the API), `wagtail_pages`,
`sign_in` (allauth), `commands` and `tasks`. `actors` builds people, `places` computes from `accounts.rule` and `accounts.roles` what
each of them may do where, `changes` tells whether a request changed anything, `forms` fills in forms as a browser shows them.
"""
