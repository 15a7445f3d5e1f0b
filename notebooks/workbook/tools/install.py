"""Make ``.venv`` exactly what ``requirements.lock`` says; runs on the machine's own Python, before anything is there.

Only the standard library, and no syntax newer than Python 2.7: an old interpreter must reach the sentence that
says that it is too old.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.lock")
WORK = os.path.join(ROOT, ".workbook")
STAMP = os.path.join(VENV, "installed-from")
PYTHON = os.path.join(VENV, "bin", "python")
NEEDED_BYTES = 2 * 1024**3
SOURCES = (
    "CONFIG_FILE",
    "INDEX",
    "FIND_LINKS",
    "CERT",
    "TLS",
    "HOST",
    "PROXY",
    "KEYRING",
    "OFFLINE",
    "TIMEOUT",
    "RETRIES",
)


def main():
    """Install what is missing; a second call finds the stamp and does nothing."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        stop(
            "This is Python {}.{}; the workbook needs 3.11, 3.12 or 3.13. Install one of them, or name one "
            "that you have: make lab PYTHON=/path/to/python3.12".format(*sys.version_info[:2])
        )
    if "$" in ROOT:  # Airflow takes it for the name of a variable, in its home and in the folder of its logs
        stop(
            "{} has a $ in its name, which Airflow does not allow. Rename the folder, then try again.".format(
                ROOT
            )
        )
    check_writable(WORK)
    new_stamp = stamp()
    if read(STAMP) == new_stamp and works(PYTHON):
        return
    check_writable(VENV)
    if read(STAMP).splitlines()[:2] != new_stamp.splitlines()[:2] or not works(PYTHON):
        # half an environment, one that was moved (its scripts name the old place), or one of another Python
        shutil.rmtree(VENV, ignore_errors=True)
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        stop(
            "The disk that holds {} has {:.1f} GB left; the workbook needs {:.0f} GB. "
            "Make room, then run the command again.".format(ROOT, free / 1024**3, NEEDED_BYTES / 1024**3)
        )
    print("Installing into .venv (about 250 packages; a minute or two, once) ...", flush=True)
    if not works(PYTHON):
        run([sys.executable, "-m", "venv", VENV], "make a virtual environment")
    install_uv()
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "sync", "--no-config", "--python", PYTHON]
    run(uv + ["--compile-bytecode", "--require-hashes", LOCK], "install the packages")
    add_to_path(["notebooks", "dags"])
    with open(STAMP, "w") as file:
        file.write(new_stamp)


def check_writable(folder):
    """Stop when a folder, or the one that it would be made in, belongs to somebody else or is read-only."""
    place = folder if os.path.exists(folder) else ROOT
    if not os.access(place, os.W_OK | os.X_OK):
        stop(
            "{} cannot be written to: it is read-only or belongs to another user. "
            "Clone the repository into a folder of your own, then run the command again.".format(place)
        )


def stamp():
    """What an installation depends on, a line each: its place, the interpreter, and the lock and this file."""
    digest = hashlib.sha256()
    for path in (LOCK, os.path.abspath(__file__)):
        with open(path, "rb") as file:
            digest.update(file.read())
    return "{}\n{}\n{}\n".format(ROOT, sys.version.replace("\n", " "), digest.hexdigest())


def install_uv():
    """Install uv alone with pip, at the version and with the hashes of the lock; uv installs the rest fast."""
    lines = read(LOCK).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("uv=="))
    last = next(
        i for i in range(first + 1, len(lines) + 1) if i == len(lines) or not lines[i].startswith(" ")
    )
    requirement = os.path.join(VENV, "uv.txt")
    with open(requirement, "w") as file:
        file.write("\n".join(lines[first:last]) + "\n")
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    command += ["--no-user", "--target=", "--prefix=" + VENV, "--root=/"]  # whatever a pip.conf says
    run(command + ["--require-hashes", "-r", requirement], "install uv")


def add_to_path(folders):
    """Let every Python of the environment import from these folders of the repository."""
    site_packages = sysconfig.get_path("purelib", vars={"base": VENV, "platbase": VENV})
    with open(os.path.join(site_packages, "workbook.pth"), "w") as file:
        file.writelines(os.path.join(ROOT, folder) + "\n" for folder in folders)


def run(command, what):
    """Run a command quietly; when it fails, say what it was for and why it probably failed."""
    environment = {name: value for name, value in os.environ.items() if not is_in_the_way(name)}
    environment.update(
        VIRTUAL_ENV=VENV, UV_CACHE_DIR=os.path.join(VENV, "cache"), UV_NO_PROGRESS="1", PYTHONNOUSERSITE="1"
    )
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        output = result.stdout.decode(errors="replace")
        log = os.path.join(VENV, "install.log") if os.path.isdir(VENV) else os.devnull
        with open(log, "w") as file:
            file.write(output)
        stop("Could not {}: {} (full output: {})".format(what, reason(output), log))


def is_in_the_way(name):
    """Whether an environment variable may lead an installer to another place than .venv.

    Those that say where packages come from stay: mirrors, proxies, certificates.
    """
    if name.startswith(("UV_", "PIP_")):
        return not any(part in name for part in SOURCES)
    return name.startswith("PYTHON") or name == "__PYVENV_LAUNCHER__"


def reason(output):
    """The likely cause in a sentence, from what pip, uv or venv printed."""
    low = output.lower()
    if "no space left" in low:
        return "the disk is full. Make room, then run the command again"
    if "ensurepip" in low:
        return "this Python has no venv module. On Debian and Ubuntu: apt install python3-venv"
    network = (
        "name resolution",
        "failed to resolve",
        "connection",
        "timed out",
        "dns error",
        "network",
        "temporary failure",
    )
    if any(sign in low for sign in network) or "no matching distribution" in low:
        return (
            "the package index could not be reached. Check the network or the proxy, or name a mirror with "
            "PIP_INDEX_URL and UV_INDEX_URL, then run the command again"
        )
    if "hash" in low and "mismatch" in low:
        return "a package differs from the one that was pinned; nothing was installed from it"
    last = [line for line in output.splitlines() if line.strip()][-1:]
    return last[0].strip() if last else "no reason was given"


def works(python):
    """Whether this interpreter exists and starts."""
    return (
        os.path.exists(python)
        and subprocess.run([python, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0
    )


def read(path):
    """The text of a file; empty when there is none."""
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def stop(sentence):
    """End with one sentence instead of a traceback."""
    sys.exit("\n" + sentence)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("Stopped. Run the command again to continue.")
    except OSError as error:
        stop("Could not install: {}.".format(error))
