"""Telephone numbers as those see them who need not call."""

from lianshang.kernel.phones import masked

__all__ = ["masked"]
