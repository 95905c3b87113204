"""Names of members for whoever need not know them: membership of the Party is nobody else's business."""

HIDDEN = "＊"


def name(whole: str) -> str:
    """罗示平 → 罗＊＊; of a double surname the first character alone."""
    return whole[:1] + HIDDEN * (len(whole) - 1)
