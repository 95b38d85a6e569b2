"""A stand-in for the Azure CLI: a script that is found where `az` is looked for."""
import json
import os
import time


def azure_cli(folder, body):
    """Makes the script from lines of sh; returns the environment in which it is found."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    script = programs / "az"
    script.write_text("#!/bin/sh\n" + body + "\n")
    script.chmod(0o700)
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def token_answer(folder, token, lifetime=3600):
    """The lines for a script that gives this token, as `az account get-access-token` writes it."""
    answer = folder / "az-answer.json"
    answer.touch(mode=0o600)
    answer.write_text(json.dumps({
        "accessToken": token, "expires_on": int(time.time()) + lifetime, "tenant": "fabrikam.com",
        "tokenType": "Bearer"}))
    return f"cat '{answer}'"
