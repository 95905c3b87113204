"""A column that the database keeps unreadable, and its neighbour by which equal values are found.

    phone = Sealed("电话", purpose="person.phone", blank=True)
    phone_mark = models.CharField(max_length=64, blank=True)      # vault.mark(…), written with it

A value is opened where it is looked at, not where its row is read: lists of people cost nothing. It is searched by its
mark alone; a condition on the column itself is refused, but for being empty.
"""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from lianshang.kernel import vault

UNREADABLE = "（密钥不对，读不出）"


class Unreadable(str):
    """The sentence in place of a value whose key is not known; saved, it leaves what stands in the database."""

    __slots__ = ("token",)
    token: str

    @classmethod
    def of(cls, token: str) -> "Unreadable":
        made = cls(UNREADABLE)
        made.token = token
        return made


class Closed:
    """What stands in the database, not opened yet."""

    def __init__(self, token: str, purpose: str) -> None:
        self.token, self.purpose = token, purpose

    def __str__(self) -> str:
        try:
            return vault.unlock(self.token, purpose=self.purpose)
        except vault.Locked:
            return Unreadable.of(self.token)

    def __bool__(self) -> bool:
        return bool(self.token)

    def __eq__(self, other: object) -> bool:
        """The same locking of the same words; two lockings of one value are two."""
        return isinstance(other, Closed) and (self.token, self.purpose) == (other.token, other.purpose)

    def __hash__(self) -> int:
        return hash((self.token, self.purpose))


class _Opening(DeferredAttribute):
    """The attribute of a row: opened at the first look."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Closed):
            value = instance.__dict__[self.field.attname] = str(value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """A descriptor that can be set is asked before the row's own dictionary."""
        instance.__dict__[self.field.attname] = value


class Sealed(models.TextField):
    """Text under the vault's key for `purpose`; empty stays empty."""

    descriptor_class = _Opening

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"purpose": self.purpose}

    def from_db_value(self, value: str | None, *_: Any) -> Closed | str | None:
        return Closed(value, self.purpose) if value else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Closed) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, (Closed, Unreadable)):
            return value.token
        plain = super().get_prep_value(value)
        if plain == UNREADABLE:
            raise ValueError("the sentence for an unreadable value is no value")
        return vault.lock(plain, purpose=self.purpose) if plain else plain

    def get_lookup(self, lookup_name: str) -> Any:
        """Two lockings of one value differ, so comparing them would find nothing and say nothing."""
        return (
            _EmptyOnly if lookup_name == "exact" else super().get_lookup("isnull") if lookup_name == "isnull" else None
        )


class _EmptyOnly(models.lookups.Exact):
    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("a sealed column is searched by its mark")
        return ""
