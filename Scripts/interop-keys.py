"""Looks for the keys of one connection in a server's memory: while it is open, and after it was closed.

interop-keys.py PID PORT own|openssl. A client (openssl s_client, which writes its secrets down) tells what to look for:
the traffic secrets and the keys made from them. With the server's own records each must be there exactly once while the
connection is open, and nowhere afterwards; with OpenSSL's it only says what is there.
"""
import hashlib
import hmac
import os
import re
import subprocess
import sys
import tempfile
import time


def expand(secret, label, length):
    """HKDF-Expand-Label (RFC 8446 section 7.1) of at most one block."""
    name = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name + b"\0" + b"\1"
    return hmac.new(secret, info, hashlib.sha384 if len(secret) == 48 else hashlib.sha256).digest()[:length]


def count(pid, needles):
    """How often each needle is in the memory that the process can write."""
    found = dict.fromkeys(needles, 0)
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            start, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(int(start, 16))
                content = memory.read(int(end, 16) - int(start, 16))
            except OSError:
                continue
            for name, needle in needles.items():
                found[name] += content.count(needle)
    return found


def main():
    pid, port, records = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "keys")
        client = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", "-keylogfile", log],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        client.stdin.write(b"hello\n")
        client.stdin.flush()
        while client.stdout.readline() != b"hello\n":
            pass
        needles = {}
        for line in open(log):
            if line.startswith("#"):
                continue
            label, _, secret = line.split()
            secret = bytes.fromhex(secret)
            needles[label] = secret
            if "_TRAFFIC_SECRET_0" in label:
                needles[label + " key"] = expand(secret, b"key", 32)
                needles[label + " AES-128 key"] = expand(secret, b"key", 16)
        during = count(pid, needles)
        client.stdin.close()
        client.wait()
        time.sleep(0.5)
        after = count(pid, needles)
    for name in needles:
        print(f"{name}: {during[name]} while open, {after[name]} after")
    traffic = [name for name in needles if "TRAFFIC_SECRET_0" in name and "AES-128" not in name]
    wrong = [name for name in traffic if during[name] < 1 or after[name] > 0]
    print(f"{sum(during[n] for n in traffic)} of {len(traffic)} secrets and keys while open, "
          f"{sum(after[n] for n in needles)} of any secret after the end")
    sys.exit(1 if records == "own" and wrong else 0)


main()
