"""The catalogue that comes with the product: coal, coke, hydrogen, and what hangs on them, each flow with its source."""

from functools import cache
from pathlib import Path

from lianshang.chain.analysis.network import Network
from lianshang.chain.analysis.reading import read_network

FOLDER = Path(__file__).parent / "data" / "coal_coke_hydrogen"


@cache
def network() -> Network:
    return read_network(FOLDER)
