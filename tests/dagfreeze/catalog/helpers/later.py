"""Callbacks for deadlines."""


async def call_the_night_shift(who: str = "anybody", **kwargs: object) -> None:
    print(f"calling {who}")


def ring(times: int = 1, **kwargs: object) -> None:
    print("ring " * times)
