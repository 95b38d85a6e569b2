"""Certificates for tests, made with the openssl command."""
import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_ca(folder, name="ca"):
    """A root certificate; returns the paths of certificate and key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", f"/CN=allot test {name}", "-keyout", key, "-out", certificate,
            "-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    return certificate, key


def make_leaf(folder, ca, name="server", subject_alternative_name="DNS:localhost,IP:127.0.0.1", days=2, extra=()):
    """A server certificate signed by `ca`; negative `days` make it expired. Returns certificate and key."""
    certificate, key, request = folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}.csr"
    extensions = folder / f"{name}.ext"
    lines = ["basicConstraints=critical,CA:false", "keyUsage=critical,digitalSignature",
             "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid", *extra]
    if not any(line.startswith("extendedKeyUsage") for line in extra):
        lines.append("extendedKeyUsage=serverAuth")
    if subject_alternative_name:
        lines.append(f"subjectAltName={subject_alternative_name}")
    extensions.write_text("\n".join(lines) + "\n")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", f"/CN={name}", "-keyout", key, "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", ca[0], "-CAkey", ca[1], "-CAcreateserial", "-days", days,
            "-extfile", extensions, "-out", certificate)
    return certificate, key


def make_client_certificate(folder, name="client"):
    """A self-signed certificate with an RSA key, as an app registration has one.

    Returns the paths of a PEM file with both, of the certificate and of the key.
    """
    certificate, key, both = folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}-both.pem"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", key, "-out", certificate)
    both.touch(mode=0o600)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both, certificate, key
