"""New and old syntax in functions: walrus, match, f-strings in f-strings, try*, global, star, async for."""
# expect: frozen

from airflow.sdk import DAG, task

total = 0


def classify(value, *rest, flag: bool = True, **options):
    match value:
        case {"kind": "a" | "b" as kind, **more} if flag:
            return f"{kind!r:>{len(more) + 5}} {more['x']!r}"
        case [first, *others]:
            return first, *others
        case str() | bytes():
            return f"{'a' + f'{value}'!s}{{}}"
        case _:
            return None


with DAG("function_syntax", schedule=None):

    @task
    def run(data=({"kind": "a", "x": 1}, [1, 2], "text", 3)):
        global total
        total += 1
        if (count := len(data)) > 2:
            print(count, *map(classify, data), sep="\n")
        try:
            raise ExceptionGroup("both", [ValueError(1), TypeError(2)])
        except* ValueError as group:
            print(f"{group=}")
        except* TypeError:
            pass
        del data
        assert total, "a message with ' and \" and \\N{BULLET} \N{BULLET}"
        return total

    @task
    async def wait():
        async def numbers():
            yield 1

        return [n async for n in numbers() if await _later(n)]

    async def _later(n):
        return n

    run() >> wait()
