"""Says what an audit event of Python, or a call of a function that raises none, reads: its name, never its value."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType

NamedRead = tuple[str, object]
"""A kind of read, and the name of what is read as Python has it: text, bytes, a path, or a number (no name)."""

EVERYTHING = "*"
"""The name where all were read: `dict(os.environ)`, `Variable.keys()`."""

CALLS = {
    (module, name): kind
    for kind, module, names in (
        (
            "time",
            "time",
            "time time_ns localtime gmtime ctime asctime strftime monotonic perf_counter clock_gettime",
        ),
        ("time", "datetime", "now utcnow today"),
        ("time", "pendulum", "now utcnow today tomorrow yesterday"),
        ("time", "airflow", "utcnow"),
        ("random", "random", "random randint randrange randbytes getrandbits choice choices sample shuffle"),
        ("random", "random", "uniform triangular gauss normalvariate expovariate betavariate"),
        ("random", "uuid", "uuid1 uuid4"),
        ("random", "secrets", "token_bytes token_hex token_urlsafe randbelow"),
        ("random", "os", "urandom getrandom"),
        ("machine", "os", "getcwd getcwdb getlogin getpid getppid getuid geteuid uname cpu_count getloadavg"),
        ("machine", "tempfile", "gettempdir mkdtemp mkstemp"),
        ("machine", "shutil", "which disk_usage"),
        ("machine", "locale", "getlocale getpreferredencoding"),
        ("machine", "getpass", "getuser"),
        ("machine", "platform", "node uname platform system machine processor release version"),
        ("status", "os", "stat lstat access readlink"),
    )
    for name in names.split()
}
"""The functions that raise no event: kinds of read, by top-level module and name."""
_CALL_NAMES = {name for _, name in CALLS}

_CALLABLE = (FunctionType, MethodType, BuiltinFunctionType)
_SHELLS = {"sh", "bash", "dash", "ksh", "zsh"}


def call(function: object, first: object = None) -> NamedRead | None:
    """What a call reads, of a function or method and its first argument."""
    if not isinstance(function, _CALLABLE) or function.__name__ not in _CALL_NAMES:
        return None  # the type first: asking a proxy for its name would resolve it
    owner = getattr(function, "__self__", first)
    module = function.__module__ or (owner if isinstance(owner, type) else type(owner)).__module__
    return call_by_name(module, function.__name__, owner)


def call_by_name(module: str, name: str, owner: object) -> NamedRead | None:
    """What a call reads, of a function that is known by its names; `owner`: whose method it is, if one."""
    module = "os" if module == os.name else module
    kind = CALLS.get((module.partition(".")[0], name))
    seeded = module == "random" and not isinstance(owner, random.SystemRandom)
    if kind is None or (seeded and owner is not getattr(random.random, "__self__", None)):
        return None  # random.Random(seed) draws the same whenever it is built
    return kind, f"{module.rpartition('.')[2]}.{name}"


def text(name: object) -> str | None:
    """A name as text, None where there is none."""
    if not isinstance(name, str | bytes | os.PathLike):
        return None  # the number of an open file, or what the call itself will refuse
    try:
        return os.fsdecode(name)
    except Exception:  # a path class of the reader's own: it has to fail in the call, not before
        return None


def harmless(name: str) -> str:
    """A name without the user and password of an address, in one line, of letters that can be printed."""
    name = re.sub(r"//[^/@\s]*@", "//", name)
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def _open(path: object, mode: object, flags: int) -> NamedRead | None:
    return None if flags & (os.O_WRONLY | os.O_TRUNC | os.O_EXCL) else ("file", path)


def _database(name: object) -> NamedRead | None:
    path = (text(name) or "").removeprefix("file:").partition("?")[0]
    return None if path in ("", ":memory:") else ("file", path)


def _address(host: object, port: object = "") -> str:
    name = (text(host) or "localhost").rpartition("@")[2]
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _peer(end: object) -> NamedRead:
    return "peer", _address(*end[:2]) if isinstance(end, tuple) else end


def _program(executable: object, arguments: object = (), *_: object) -> NamedRead:
    words = list(arguments) if isinstance(arguments, list | tuple) else [arguments]
    program = Path(text(executable or words[0]) or "?").name
    is_line = program in _SHELLS and words[1:2] == ["-c"] and len(words) > 2
    return _command(words[2]) if is_line else ("program", program)


def _command(line: object) -> NamedRead:
    """The program that a shell is to start; the rest of the line may hold a password."""
    words = [word for word in (text(line) or "").split() if not re.fullmatch(r"\w+=[\w./+-]*", word)]
    return "program", words[0] if words and re.fullmatch(r"[\w./+-]+", words[0]) else "sh"


EVENTS: dict[str, Callable[..., NamedRead | None]] = {
    "open": _open,
    "os.listdir": lambda path: ("folder", path or "."),
    "os.scandir": lambda path: ("folder", path or "."),
    "sqlite3.connect": _database,
    "socket.getaddrinfo": lambda host, port, *_: ("address", _address(host, port)),
    "socket.gethostbyname": lambda host: ("address", host),
    "socket.connect": lambda _, end: _peer(end),
    "socket.gethostname": lambda: ("machine", "socket.gethostname"),
    "subprocess.Popen": _program,
    "os.posix_spawn": _program,
    "os.exec": _program,
    "os.system": _command,
    "os.fork": lambda: ("program", "a copy of this process"),
}
"""What the arguments of an event name. "peer" is the other end of a connection."""
