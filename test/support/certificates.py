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


EC_KEY = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")


def make_intermediate(folder, ca, name="intermediate", extra=()):
    """A CA below `ca`; returns the paths of certificate and key."""
    lines = ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign,cRLSign"]
    return sign(folder, ca, name, [*lines, *extra])


def make_leaf(folder, ca, name="server", subject_alternative_name="DNS:localhost,IP:127.0.0.1", days=2, extra=(),
              key=EC_KEY, starts=None):
    """A server certificate signed by `ca`; negative `days` make it expired. Returns certificate and key.

    `starts`: the first second in which it is good, as YYYYMMDDHHMMSSZ; it then ends in 2090.
    """
    lines = ["basicConstraints=critical,CA:false", "keyUsage=critical,digitalSignature", *extra]
    if not any(line.startswith("extendedKeyUsage") for line in extra):
        lines.append("extendedKeyUsage=serverAuth")
    if subject_alternative_name:
        lines.append(f"subjectAltName={subject_alternative_name}")
    return sign(folder, ca, name, lines, days, key, starts)


def sign(folder, ca, name, extensions, days=2, new_key=EC_KEY, starts=None):
    certificate, key, request = folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}.csr"
    written = folder / f"{name}.ext"
    written.write_text("\n".join(["subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid", *extensions]) + "\n")
    openssl("req", "-new", "-newkey", *new_key, "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
    if starts is None:
        openssl("x509", "-req", "-in", request, "-CA", ca[0], "-CAkey", ca[1], "-CAcreateserial", "-days", days,
                "-extfile", written, "-out", certificate)
        return certificate, key
    settings = folder / "ca.cnf"
    settings.write_text(f"[ca]\ndefault_ca=this\n[this]\ndatabase={folder}/issued\nrand_serial=yes\n"
                        f"default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n")
    (folder / "issued").touch()
    openssl("ca", "-batch", "-notext", "-config", settings, "-in", request, "-cert", ca[0], "-keyfile", ca[1],
            "-outdir", folder, "-startdate", starts, "-enddate", "20900101000000Z", "-extfile", written,
            "-out", certificate)
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
