"""Install the SDKs that `make test-clients` drives into `.local/clients-venv`, once.

Each lock file has an environment of its own, named after it. The stamp and its meaning are those
of `infra/local/install.py`.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOTSTRAP = HERE.parent / "local" / "bootstrap.lock"
LOCKS = sorted(HERE.glob("*.lock"))
ROOT = HERE.parent.parent / ".local" / "clients-venv"
STAMP = ROOT / "installed"
BIN = "Scripts" if sys.platform == "win32" else "bin"


def lock_digest() -> str:
    """The state that the environments must be in."""
    digest = hashlib.sha256()
    for lock in [BOOTSTRAP, *LOCKS]:
        digest.update(lock.name.encode() + lock.read_bytes())
    return digest.hexdigest()


def run(*command: object) -> None:
    """Run a step; a failure ends the install."""
    code = subprocess.call([str(part) for part in command], cwd=HERE)
    if code != 0:
        sys.exit(f"The install stopped (exit code {code}). Run it again to continue.")


def main() -> None:
    if STAMP.is_file() and STAMP.read_text() == lock_digest():
        return
    print("Installing the Python SDKs into .local/clients-venv (200 MB, once)", flush=True)
    STAMP.unlink(missing_ok=True)
    installer = ROOT / "uv"
    venv.create(installer, clear=True, with_pip=True)
    pip_install = (installer / BIN / "python", "-m", "pip", "install", "--quiet")
    run(*pip_install, "--require-hashes", "-r", BOOTSTRAP)
    for lock in LOCKS:
        target = ROOT / lock.stem
        venv.create(target, clear=True, with_pip=False)
        uv_install = (installer / BIN / "uv", "pip", "install", "--quiet", "--require-hashes")
        run(*uv_install, "--python", target / BIN / "python", "-r", lock)
    STAMP.write_text(lock_digest())


if __name__ == "__main__":
    main()
