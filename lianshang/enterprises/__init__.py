"""Enterprises of the park: record, place on the chain, contacts, the dedicated contact person, output by period.

Invariant: an enterprise's figures carry the period and the source they come from; demo figures carry the mark.
"""
