"""Who supplies whom: own use first, then each supplier's share of what is left to each consumer's share.

Where supply and demand differ, the larger of the two sums is divided by, so that nothing is invented on either side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lianshang.chain.analysis.balance import Balance
from lianshang.chain.analysis.network import Product


@dataclass(frozen=True, slots=True)
class Link:
    product: Product
    supplier: str
    consumer: str
    quantity: float

    @property
    def value(self) -> float:
        """In 万元."""
        return self.quantity * self.product.price / 10_000


def links(balances: Mapping[str, Balance]) -> list[Link]:
    return [link for balance in balances.values() for link in _of_product(balance)]


def _of_product(balance: Balance) -> Iterator[Link]:
    product, left, wanted = balance.product, dict(balance.suppliers), dict(balance.consumers)
    for code in sorted(left.keys() & wanted.keys()):
        own = min(left[code], wanted[code])
        left[code] -= own
        wanted[code] -= own
        yield Link(product, code, code, own)
    divisor = max(sum(left.values()), sum(wanted.values()))
    for supplier, offered in sorted(left.items()):
        for consumer, asked in sorted(wanted.items()):
            if offered > 0 and asked > 0:
                yield Link(product, supplier, consumer, offered * asked / divisor)
