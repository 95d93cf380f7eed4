"""Readers' pages as finished bytes, served before Django runs.

`layer` answers; `keys` says which pages, and under which keys; `versions` says when they end;
`memory` and `database` keep them: in the process, for all processes, and as copies for when the
database cannot be reached. `form_page` fills in what is unique to each opening of the request form;
`cutting` says where.
"""
