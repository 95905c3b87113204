"""Every write of the chain: the catalogue in editions, what enterprises run, and what-ifs that are kept."""

from lianshang.chain.services.books import take_in
from lianshang.chain.services.catalogue import adopt
from lianshang.chain.services.runs import Statement, state
from lianshang.chain.services.scenarios import keep, shelve

__all__ = ["Statement", "adopt", "keep", "shelve", "state", "take_in"]
