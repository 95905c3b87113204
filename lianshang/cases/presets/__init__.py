"""The mechanism profiles that come with the product: `default`, and published mechanisms restated in our own words.

`read` judges any profile file by the words of cases, `kept` takes an adopted one as it is; `preset` gives a shipped one by its name.
"""

from functools import cache, lru_cache
from importlib.resources import files

from lianshang.cases.duties import COUNTS, DECIDERS, DUTIES, EXTENSIBLE, LEAD_DUTY, PARTIES
from lianshang.kernel import apart, profiles
from lianshang.kernel.profiles import Profile

DEFAULT = "default"
ORDINARY = 16_000  # characters; a real mechanism has some five thousand
TOO_MUCH = "这个文件太大，没有读完，不像机制方案。请检查是否选错了文件。"
_SUFFIX = ".yaml"


def read(text: str) -> Profile:
    """Read a profile file for cases. Raises ProfileFaults and ProfileUnreadable as `profiles.load` does."""
    return _load(text, judged=True)


def handed_in(text: str) -> Profile:
    """As `read`, for a text that somebody sends: one that is longer than mechanisms are is read in a process apart."""
    if len(text) <= ORDINARY:
        return read(text)
    try:
        return apart.run(read, text)
    except apart.TooMuch:
        raise profiles.ProfileUnreadable(TOO_MUCH) from None


@lru_cache(maxsize=64)
def kept(document: str) -> Profile:
    """Read an edition that the park has adopted: it was judged then, and cases go on by it whatever is asked today."""
    return _load(document, judged=False)


def _load(text: str, *, judged: bool) -> Profile:
    return profiles.load(
        text,
        DUTIES,
        parties=PARTIES,
        counts=COUNTS,
        lead=LEAD_DUTY,
        deciders=DECIDERS,
        extensible=EXTENSIBLE,
        judged=judged,
    )


@cache
def preset_names() -> tuple[str, ...]:
    """The shipped names, `default` first, the others by name."""
    names = (entry.name.removesuffix(_SUFFIX) for entry in files(__name__).iterdir() if entry.name.endswith(_SUFFIX))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT, name)))


@cache
def preset(name: str) -> Profile:
    """The shipped profile of that name. Raises KeyError where there is none."""
    return read(preset_text(name))


def preset_text(name: str) -> str:
    """The file of a preset with its comments, to begin one's own from. Raises KeyError where there is none."""
    if name not in preset_names():
        raise KeyError(name)
    return (files(__name__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
