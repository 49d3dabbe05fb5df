"""Enrolment by the fleet's passphrase, written from docs/protocol.md alone: nothing but Python, its ssl and hashlib.

What a library would do, P-256 and DER, is done here by hand, to show that the page says all that is needed. It is no example of
how to treat secrets: these numbers take a time that tells of them.
"""
import base64
import ctypes
import hashlib
import hmac
import os
import secrets
import socket
import ssl
import struct

# ---- P-256 (FIPS 186-4, D.1.2.3): y² = x³ - 3x + B over the field of P, G of order N

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add(one, two):
    if one is None or two is None:
        return one or two
    (x1, y1), (x2, y2) = one, two
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = ((3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == two else (y2 - y1) * pow(x2 - x1, -1, P)) % P
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def times(point, scalar):
    result = None
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def minus(point):
    return point[0], P - point[1]


def encode(point):
    return b"\4" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def decode(data):
    if len(data) == 33:
        x = int.from_bytes(data[1:], "big")
        y = pow(x * x * x - 3 * x + B, (P + 1) // 4, P)
        return x, y if y & 1 == data[0] & 1 else P - y
    x, y = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
    if len(data) != 65 or data[0] != 4 or max(x, y) >= P or (y * y - x * x * x + 3 * x - B) % P:
        raise ValueError("not a point of P-256")
    return x, y


# ---- the proof (docs/protocol.md, enroll)

POINT_M = decode(bytes.fromhex("02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f"))
POINT_N = decode(bytes.fromhex("03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49"))


def counted(*parts):
    return b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def verifier_name(fleet):
    return f"rollcall://{fleet}/server".encode()


def stretch(passphrase, fleet, salt, log_n, r, p):
    text = counted(passphrase, b"", verifier_name(fleet))
    both = hashlib.scrypt(text, salt=salt, n=1 << log_n, r=r, p=p, maxmem=256 << 20, dklen=80)
    return int.from_bytes(both[:40], "big") % N, int.from_bytes(both[40:], "big") % N


def prover_share(w0, x):
    return encode(add(times(G, x), times(POINT_M, w0)))


def confirmations(fleet, binding, w0, share_p, share_v, z, v):
    transcript = counted(
        b"rollcall-enroll/1" + binding, b"", verifier_name(fleet), encode(POINT_M), encode(POINT_N), share_p, share_v,
        encode(z), encode(v), w0.to_bytes(32, "big"))
    main = hashlib.sha256(transcript).digest()
    extracted = hmac.digest(bytes(32), main, "sha256")
    key_p = hmac.digest(extracted, b"ConfirmationKeys\1", "sha256")
    key_v = hmac.digest(extracted, key_p + b"ConfirmationKeys\2", "sha256")
    return hmac.digest(key_p, share_v, "sha256"), hmac.digest(key_v, share_p, "sha256")


def prove(fleet, binding, w0, w1, x, share_v):
    """Both confirmations, the prover's first."""
    base = add(decode(share_v), minus(times(POINT_N, w0)))
    return confirmations(fleet, binding, w0, prover_share(w0, x), share_v, times(base, x), times(base, w1))


# ---- key and certificate request (RFC 5915, RFC 2986)


def der(tag, *parts):
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)]) if len(body) < 256 \
        else b"\x82" + struct.pack(">H", len(body))
    return bytes([tag]) + length + body


def der_integer(value):
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def pem(name, data):
    text = base64.encodebytes(data).decode().replace("\n", "")
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----", ""])


EC_KEY, CURVE = bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06082a8648ce3d030107")
ECDSA_SHA256 = der(0x30, bytes.fromhex("06082a8648ce3d040302"))


def private_key_pem(key):
    public = der(0xA1, der(3, b"\0" + encode(times(G, key))))
    return pem("EC PRIVATE KEY", der(0x30, der_integer(1), der(4, key.to_bytes(32, "big")), der(0xA0, CURVE), public))


def request_pem(key):
    public = der(0x30, der(0x30, EC_KEY, CURVE), der(3, b"\0" + encode(times(G, key))))
    info = der(0x30, der_integer(0), der(0x30), public, der(0xA0))
    digest, nonce = int.from_bytes(hashlib.sha256(info).digest(), "big"), secrets.randbelow(N - 1) + 1
    r = times(G, nonce)[0] % N
    s = pow(nonce, -1, N) * (digest + r * key) % N
    signature = der(3, b"\0" + der(0x30, der_integer(r), der_integer(s)))
    return pem("CERTIFICATE REQUEST", der(0x30, info, ECDSA_SHA256, signature))


# ---- the connection


def exporter(stream):
    """The TLS exporter (RFC 9266). Python's ssl does not give it out, so its SSL * is taken from where CPython keeps it."""
    library = ctypes.CDLL("libssl.so.3")
    session = ctypes.c_void_p.from_address(id(stream._sslobj) + object.__basicsize__ + ctypes.sizeof(ctypes.c_void_p))
    label, binding = b"EXPORTER-Channel-Binding", ctypes.create_string_buffer(32)
    arguments = [session, binding, ctypes.c_size_t(32), label, ctypes.c_size_t(len(label)), None, ctypes.c_size_t(0), 0]
    if library.SSL_export_keying_material(*arguments) != 1:
        raise ssl.SSLError("no exporter")
    return binding.raw


def connect(host, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["rollcall-enroll/1"])
    # Nobody is trusted yet: the proof tells who the server is.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection((host, port), timeout=30), server_hostname=host)


def enrol(connection, passphrase, hostname, directory):
    """Makes the identity directory. `connection` has `stream`, and `step(number, request)` that returns an answer's fields."""
    binding = exporter(connection.stream)
    terms = connection.step(1, {1: hostname.encode()}, 1)
    fleet = terms[1].decode()
    w0, w1 = stretch(passphrase, fleet, terms[2], terms[3], terms[4], terms[5])
    x = secrets.randbelow(N - 1) + 1
    challenge = connection.step(2, {1: prover_share(w0, x)}, 2)
    own, expected = prove(fleet, binding, w0, w1, x, challenge[1])
    if not hmac.compare_digest(expected, challenge[2]):
        raise RuntimeError("wrong passphrase, or somebody in the middle")
    key = secrets.randbelow(N - 1) + 1
    admission = connection.step(3, {1: own, 2: request_pem(key).encode()}, 3)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    for name, text in [
            ("identity.key", private_key_pem(key)), ("ca.pem", admission[3].decode()),
            ("identity.pem", admission[2].decode())]:
        with open(os.open(f"{directory}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    return admission[1]
