"""The industrial chain of a park: products, processes, who runs which, and what follows from it.

Its one invariant: every figure on a page is computed from flows that name their source; nothing is typed in beside it.
"""
