"""Which park a command is about: the one there is, or the one that `--park` names."""

from lianshang.config.output import Unusable
from lianshang.directory.models import Park


def chosen(code: str) -> Park | None:
    """Return the park of that code, or the only one; None where there is none yet. Raises `Unusable` in doubt."""
    parks = list(Park.objects.order_by("code"))
    if code:
        found = next((park for park in parks if park.code == code), None)
        if found is None:
            there = "、".join(park.code for park in parks)
            raise Unusable(f"没有编码为“{code}”的园区，{f'有：{there}' if there else '还没有任何园区'}。")
        return found
    if len(parks) > 1:
        there = "、".join(f"{park.code}（{park.name}）" for park in parks)
        raise Unusable(f"这里有多个园区，请用 --park 指明一个：{there}。")
    return parks[0] if parks else None
