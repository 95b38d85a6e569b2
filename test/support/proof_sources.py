"""The sources that prove who they are otherwise than by a client secret, with endpoints that believe them."""
import base64
import contextlib
import pathlib
import secrets
import subprocess

from azure_cli import azure_cli, token_answer
from certificates import make_client_certificate, openssl
from managed_identity import app_service
from secret_runs import private_file, source
from token_desk import token_desk

# No text that programs have of themselves.
PASSPHRASE = "Vq+7 /&=%25-" + secrets.token_urlsafe(24)
FEDERATED = "eyJhbGciOiJSUzI1NiJ9." + base64.urlsafe_b64encode(b"somebody's token for this pod").decode() + \
    ".c2lnbmF0dXJlLW9mLXRoZS1vdGhlci1pc3N1ZXI"
# Of each number, as much as is by no accident anywhere else, and whole limbs of it.
MARKED_BYTES = slice(24, 56)


class proofs:
    """`sources`, and their `secrets` by what they are."""

    def __init__(self):
        self.sources = []
        self.secrets = {}


def integers(der):
    """Those of an RSAPrivateKey (RFC 8017 appendix A.1.2): version, n, e, d, p, q, exponents, coefficient."""
    def element(at):
        size, at = der[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7f
            size, at = int.from_bytes(der[at:at + count], "big"), at + count
        return at, at + size

    at, end = element(0)
    found = []
    while at < end:
        begin, at = element(at)
        found.append(der[begin:at])
    return found


def key_secrets(key):
    """Parts of the private numbers as bytes, and lines of the key's file."""
    der = subprocess.run(["openssl", "rsa", "-in", key, "-traditional", "-outform", "DER"], check=True,
                         capture_output=True).stdout
    names = ("d", "p", "q", "dp", "dq", "the coefficient")
    found = {f"{name} of the key": number.lstrip(b"\0")[MARKED_BYTES]
             for name, number in zip(names, integers(der)[3:], strict=True)}
    lines = key.read_text().splitlines()
    found.update({f"line {at} of the key": lines[at] for at in (8, 14, 20)})
    return found


def trusted_together(folder, *files):
    return private_file(folder / "roots.pem", "".join(pathlib.Path(file).read_text() for file in files))


@contextlib.contextmanager
def proof_sources(said, folder, token):
    """Yields `proofs` whose sources all get `token`. The commands then trust one root more: `said` names it."""
    made = proofs()
    both, certificate, key = make_client_certificate(folder)
    made.secrets = {"the passphrase": PASSPHRASE, "the federated token": FEDERATED, **key_secrets(key)}
    encrypted, packed = folder / "encrypted.key", folder / "client.pfx"
    openssl("pkcs8", "-topk8", "-in", key, "-out", encrypted, "-passout", "pass:" + PASSPHRASE)
    openssl("pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", packed, "-passout", "pass:" + PASSPHRASE)
    packed.chmod(0o600)
    locked = private_file(folder / "locked.pem", encrypted.read_text() + certificate.read_text())
    federated = private_file(folder / "federated", FEDERATED + "\n")
    who = ["--tenant", said["tenant"], "--client-id", said["client_id"]]
    with token_desk(folder, token) as desk, app_service(token) as identity:
        made.secrets["the identity header"] = identity.secret
        said["ca_file"] = trusted_together(folder, said["ca_file"], desk.ca_file)
        made.sources = [
            source("certificate", ["--certificate", both, *who], token_url=desk.token_url),
            source("certificate with a passphrase", ["--auth", "certificate", *who], {
                "AZURE_CLIENT_CERTIFICATE_PATH": str(locked), "AZURE_CLIENT_CERTIFICATE_PASSWORD": PASSPHRASE},
                   token_url=desk.token_url),
            source("PKCS#12", ["--certificate", packed, *who],
                   descriptor=("--certificate-passphrase-file", PASSPHRASE), token_url=desk.token_url),
            source("workload identity", ["--auth", "workload", *who], {"AZURE_FEDERATED_TOKEN_FILE": str(federated)},
                   token_url=desk.token_url),
            source("managed identity", ["--auth", "managed"], identity.environment),
            source("Azure CLI", ["--auth", "cli"], azure_cli(folder, token_answer(folder, token))),
        ]
        yield made
