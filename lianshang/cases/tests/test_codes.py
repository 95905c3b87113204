"""Receipt codes: derived, not stored; an older secret still shows the codes that it made."""

from lianshang.cases import codes
from lianshang.cases.tests.factories import Town
from lianshang.kernel import numbers

NEW, OTHER = "new secret " * 6, "another one " * 6


def test_code_outlives_a_change_of_the_secret(town: Town, settings: object):
    case = town.whistle()
    before = codes.code_of(case)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OTHER, settings.SECRET_KEY]

    assert codes.code_of(case) == before
    assert codes.digest(before) == case.code_digest


def test_case_registered_after_the_change_has_the_new_secrets_code(town: Town, settings: object):
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [old]
    case = town.whistle()

    code = codes.code_of(case)
    settings.SECRET_KEY_FALLBACKS = []

    assert codes.code_of(case) == code
    assert codes.digest(code) == case.code_digest


def test_code_has_no_letters_that_are_mistaken_for_others(town: Town):
    letters = {letter for _ in range(20) for letter in codes.plain(codes.code_of(town.whistle()))}

    assert letters <= set(numbers.ALPHABET)
    assert letters.isdisjoint("0O1IL")
