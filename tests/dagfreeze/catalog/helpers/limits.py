"""What functions of this module change."""

STATE = {"limit": 1, "seen": []}


def raise_limit():
    STATE["limit"] += 1
    STATE["seen"].append(STATE["limit"])
