"""The tables of the directory: parks, units, people and posts; who signs in and how; what is on record about it."""

from lianshang.directory.models.audit import AuditRecord
from lianshang.directory.models.people import (
    ADMINISTRATORS,
    Absence,
    Account,
    Park,
    Person,
    Post,
    PostQuerySet,
    Role,
    Unit,
    _token,
)
from lianshang.directory.models.sign_in import (
    Attempts,
    RecoveryCode,
    RetentionPeriod,
    SecondFactor,
    SecurityRules,
    SignIn,
)

__all__ = [
    "ADMINISTRATORS",
    "Absence",
    "Account",
    "Attempts",
    "AuditRecord",
    "Park",
    "Person",
    "Post",
    "PostQuerySet",
    "RecoveryCode",
    "RetentionPeriod",
    "Role",
    "SecondFactor",
    "SecurityRules",
    "SignIn",
    "Unit",
    "_token",
]
