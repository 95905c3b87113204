"""The balance of a park and what follows from it, as plain computation: no database, no Django, no clock.

`reading` makes a `Park` of a folder of tables; each other module answers one question about a `Park`. The terms are
those of material flow analysis and of input–output analysis. Invariant: the same park gives the same answer, whatever
the order of its rows.
"""
