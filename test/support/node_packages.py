"""Node.js and npm packages for tests: installs what a package-lock.json names, and nothing else.

A test that cannot have them is skipped: `need` and `install` end it with exit code 77, which CTest is told of.
"""
import fcntl
import re
import shutil
import subprocess
import sys

SKIPPED = 77
# Debian's packages, where they have other names than their commands.
DEBIAN = {"node": "nodejs"}
# npm's words for "there is no way to the registry". Any other failure, a package that changed say, is one of the test.
NO_NETWORK = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENOTCACHED)\b")


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIPPED)


def need(*names):
    """The paths of commands, by name."""
    tools = {name: shutil.which(name) for name in names}
    missing = [name for name, path in tools.items() if path is None]
    if missing:
        packages = ", ".join(DEBIAN.get(name, name) for name in missing)
        skip(f"not installed: {', '.join(missing)} (Debian's packages: {packages})")
    return tools


def install(npm, source, folder):
    """Installs into `folder`/node_modules what the lock file in `source` names; tests may ask for it side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "installing.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        install_alone(npm, source, folder)


def install_alone(npm, source, folder):
    wanted = {name: (source / name).read_bytes() for name in ("package.json", "package-lock.json")}
    installed = folder / "node_modules" / "installed-lock.json"
    if installed.exists() and installed.read_bytes() == wanted["package-lock.json"]:
        return
    for name, content in wanted.items():
        (folder / name).write_bytes(content)
    ended = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000"],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != 0:
        if NO_NETWORK.search(ended.stderr):
            skip("the packages cannot be fetched:\n" + ended.stderr)
        sys.exit("npm ci failed:\n" + ended.stdout + ended.stderr)
    installed.write_bytes(wanted["package-lock.json"])
