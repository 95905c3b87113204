"""The registry of indicators: what is measured, over which period, with which rows as evidence.

Invariant: an indicator returns its evidence or it is not an indicator; its value is computed from that evidence.
"""
