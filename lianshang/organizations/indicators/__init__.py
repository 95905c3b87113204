"""Figures of Party organisations and of how they cover the enterprises: one function each."""

from lianshang.organizations.indicators import bodies, coverage

__all__ = ["bodies", "coverage"]
