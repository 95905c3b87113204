"""Whistle → respond → dispatch → report in → answer → feedback → close; the ledger; complaints and reports.

Nouns: case, event, clock, assignment (a unit's part), first handler, respondent, import batch.
Invariant: every case owes feedback until it was given or lawfully ended, and nobody can lose sight of that.
"""
