"""Runs a browser test: TEST.mjs SAMPLE FOLDER. Installs into FOLDER what package-lock.json names, and nothing else.

Exit code 77, a skip for CTest, where Node.js, npm or Chromium are missing or the packages cannot be fetched.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
HERE = pathlib.Path(__file__).resolve().parent
# npm's words for "there is no way to the registry". Any other failure, a package that changed say, is one of the test.
NO_NETWORK = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENOTCACHED)\b")


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIPPED)


def install_packages(npm, folder):
    wanted = {name: (HERE / name).read_bytes() for name in ("package.json", "package-lock.json")}
    installed = folder / "node_modules" / "installed-lock.json"
    if installed.exists() and installed.read_bytes() == wanted["package-lock.json"]:
        return
    for name, content in wanted.items():
        (folder / name).write_bytes(content)
    ended = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000"], cwd=folder,
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != 0:
        if NO_NETWORK.search(ended.stderr):
            skip("the packages cannot be fetched:\n" + ended.stderr)
        sys.exit("npm ci failed:\n" + ended.stdout + ended.stderr)
    installed.write_bytes(wanted["package-lock.json"])


def main():
    test, sample, folder = HERE / sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    tools = {name: shutil.which(name) for name in ("node", "npm", "chromium")}
    missing = [name for name, path in tools.items() if path is None]
    if missing:
        skip("not installed: " + ", ".join(missing) + " (Debian's packages are nodejs, npm and chromium)")
    install_packages(tools["npm"], folder)
    environment = {**os.environ, "CHROMIUM": tools["chromium"], "SAMPLE": str(sample), "FOLDER": str(folder)}
    sys.exit(subprocess.run([tools["node"], test], env=environment, stdin=subprocess.DEVNULL).returncode)


main()
