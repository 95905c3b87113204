"""Party organisations of the park: their tree, posts and terms, members, venues, coverage of enterprises, meetings held.

Its one invariant: who was where on a day is read from rows with a day they began and a day they ended; nothing is
overwritten, and what was done is on record beside it.
"""
