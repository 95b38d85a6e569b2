"""Runs a browser test: TEST.mjs SAMPLE FOLDER. Installs into FOLDER what package-lock.json names, and nothing else.

Exit code 77, a skip for CTest, where Node.js, npm or Chromium are missing or the packages cannot be fetched.
"""
import os
import pathlib
import subprocess
import sys

import node_packages

HERE = pathlib.Path(__file__).resolve().parent


def main():
    test, sample, folder = HERE / sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    tools = node_packages.need("node", "npm", "chromium")
    node_packages.install(tools["npm"], HERE, folder)
    environment = {**os.environ, "CHROMIUM": tools["chromium"], "SAMPLE": str(sample), "FOLDER": str(folder)}
    sys.exit(subprocess.run([tools["node"], test], env=environment, stdin=subprocess.DEVNULL).returncode)


main()
