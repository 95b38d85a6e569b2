"""Client assertions (RFC 7523) made with the openssl command: not by the code under test."""
import base64
import json
import subprocess
import time
import uuid

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PADDING = {"PS256": ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"], "RS256": ["rsa_padding_mode:pkcs1"]}


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def make_assertion(key, client_id, audience, algorithm="PS256", **claims):
    """Good for five minutes and for one use; `claims` replace or add some."""
    now = int(time.time())
    claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": str(uuid.uuid4()),
              "nbf": now, "iat": now, "exp": now + 300, **claims}
    header = {"alg": algorithm, "typ": "JWT"}
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    padding = [word for option in PADDING[algorithm] for word in ("-sigopt", option)]
    ended = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(key), *padding], input=signed.encode(),
                           check=True, capture_output=True)
    return signed + "." + base64url(ended.stdout)


def decode_assertion(assertion):
    """Header and claims. The provider has verified the signature."""
    header, claims, _ = assertion.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (header, claims))
