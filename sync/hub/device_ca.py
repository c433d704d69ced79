"""The certificates by which kiosks know the hub: a CA of its own, and servers' under it.

Enrolment cards pin the CA by the SHA-256 of its certificate (DER). Browsers have nothing to do
with it: people reach the hub by a public certificate.
"""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sync.hub.errors import CommandFault, HomeFault
from sync.hub.home import read_private, replace, write_private

CA_FILE, CA_KEY = "ca.pem", "ca.key"
SERVER_FILE, SERVER_KEY = "server.pem", "server.key"
CA_LASTS = timedelta(days=20 * 365)
# Kiosks that learn the time late, and clocks of other machines, are never far behind.
_BACKDATED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DeviceCa:
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pin(self) -> bytes:
        return sha256(self.der).digest()


def read_ca(path: Path) -> DeviceCa:
    """Read a CA's certificate (PEM). Raises HomeFault where the file holds none."""
    try:
        return DeviceCa(x509.load_der_x509_certificate(_der(path)))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "no certificate (PEM)"
        raise HomeFault(f"{path}: {said}; see GAPURA_HUB_DEVICE_CA") from error


def make_ca(folder: Path, now: datetime) -> bool:
    """Make a CA in the folder; False where there is one."""
    if (folder / CA_FILE).exists():
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Gapura device CA")
    certificate = (
        _builder(name, name, key.public_key(), now, CA_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, SHA256())
    )
    # A key without its certificate is of a CA that was never known to anybody.
    (folder / CA_KEY).unlink(missing_ok=True)
    write_private(folder / CA_KEY, _pem(key))
    replace(folder / CA_FILE, certificate.public_bytes(Encoding.PEM))
    return True


def make_server(
    ca_folder: Path, into: Path, names: list[str], now: datetime, lasts: timedelta
) -> x509.Certificate:
    """Make a server's key and certificate, signed by the CA, in place of any that were there.

    Raises:
        HubError: the CA's key cannot be read, or the folder not be written to.
    """
    ca = read_ca(ca_folder / CA_FILE)
    key = ec.generate_private_key(ec.SECP256R1())
    alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
    certificate = (
        _builder(_name(names[0]), ca.certificate.subject, key.public_key(), now, lasts)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_issuer(ca.certificate), critical=False)
        .sign(_read_key(ca_folder / CA_KEY), SHA256())
    )
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        (into / SERVER_KEY).unlink(missing_ok=True)
        write_private(into / SERVER_KEY, _pem(key))
        chain = [certificate, ca.certificate]
        replace(into / SERVER_FILE, b"".join(c.public_bytes(Encoding.PEM) for c in chain))
    except OSError as error:
        raise CommandFault(f"{into}: {error.strerror}") from error
    return certificate


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer(ca: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _name(text: str) -> x509.Name:
    # ub-common-name of RFC 5280 is 64; the names that count are the alternative ones.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name.strip("[]")))
    except ValueError:
        return x509.DNSName(name)


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(read_private(path), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise HomeFault(f"{path}: not the key of a CA that was made here")
    return key


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _der(path: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(path.read_text())
