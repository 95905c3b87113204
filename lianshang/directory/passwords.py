"""What a password may not be, beyond Django's own checks: words that everybody around here would try first."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django_scopes import scope

from lianshang.directory.models import Account, Unit

LOCAL = (
    "dangjian", "lianshang", "yuanqu", "gongye", "chuishao", "password", "admin", "党建", "链上", "园区", "产业链",
    "吹哨", "报到", "党委", "办公室", "管理员",
)  # fmt: skip
LEAST_ELSE = 6  # signs that are neither figures, punctuation nor one of these words


class LocalWords:
    """Refuse what is made of local words, of names of the park, its units and the account, and little else."""

    def validate(self, password: str, user: Account | None = None) -> None:
        rest = whole = unicodedata.normalize("NFKC", password).casefold()
        for word in sorted({*LOCAL, *_names(user)}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != whole and len(re.sub(r"[\W\d_]", "", rest)) < LEAST_ELSE:
            raise ValidationError("密码里除了数字、单位名和常用词，没有多少别的字，容易被猜到。请换几个不相干的词。")

    def get_help_text(self) -> str:
        return "不要用单位名、账号名加数字。"


def _names(user: Account | None) -> set[str]:
    """Names that are at hand; none of them shorter than two signs."""
    if user is None or user.park_id is None:
        return set()
    with scope(park=user.park):
        units = [name for pair in Unit.objects.values_list("name", "code") for name in pair]
    names = {user.username, user.person.name, user.park.name, user.park.code, *units}
    return {name.casefold() for name in names if len(name) > 1}
