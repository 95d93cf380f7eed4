"""Readers' pages as finished bytes, answered before Django wakes.

`layer` answers; `keys` says which pages and by what they are kept; `versions` when they end;
`memory`, `database` and `copies` where they are kept: in the process, for all processes, and for
the time that the database cannot be asked. `form_page` sets into the request form what each opening
has of its own; `cutting` says where.
"""
