#!/usr/bin/env python3
"""An agent in another language, written from docs/protocol.md alone: no protobuf library, no .proto, nothing but Python.

    foreign_agent.py HOST:PORT IDENTITY_DIRECTORY [--enroll PASSPHRASE_FILE] [--beats N] [--hostname NAME]

With --enroll it makes the identity directory by the fleet's passphrase first (foreign_enrolment.py). Pings, registers, sends N heartbeats on the server's schedule (the second tells of a stopped service), says goodbye, and
prints one JSON object for each answer. Ends with 0 if every answer was OK.
"""
import argparse
import json
import os
import socket
import ssl
import struct
import sys
import time

sys.dont_write_bytecode = True  # the tree stays as it is
import foreign_enrolment  # noqa: E402

# ---- section 4: protobuf, as far as it is needed


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    """A field that is left out when its value is 0, false or empty."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value) if value else b""
    if isinstance(value, str):
        value = value.encode()
    return message(number, value) if value else b""


def message(number, value):
    """A message is written even if it is empty."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def fixed64(number, value):
    return varint(number << 3 | 1) + struct.pack("<Q", value) if value else b""


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """Field number to its last value; unknown ones are simply never asked for."""
    found, at = {}, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind == 1:
            value, at = data[at:at + 8], at + 8
        elif kind == 2:
            length, at = read_varint(data, at)
            value, at = data[at:at + length], at + length
        elif kind == 5:
            value, at = data[at:at + 4], at + 4
        else:
            raise ValueError(f"wire type {kind}")
        found[tag >> 3] = value
    return found


# ---- section 3: frames; section 5: requests, responses, notices

PING, REGISTER, HEARTBEAT, LEAVE, ENROLL, NOTICE = 5, 6, 7, 8, 9, 15


class Connection:
    def __init__(self, host, port, identity):
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=f"{identity}/ca.pem")
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["rollcall/1"])
        context.load_cert_chain(f"{identity}/identity.pem", f"{identity}/identity.key")
        self.stream = context.wrap_socket(socket.create_connection((host, port), timeout=30), server_hostname=host)
        names = self.stream.getpeercert()["subjectAltName"]
        if not any(kind == "URI" and name.endswith("/server") for kind, name in names):
            raise ssl.SSLError(f"the peer is no configuration server: {names}")
        self.next_id = 1

    def step(self, number, facts, answer):
        """One step of an enrolment, and the fields of the answer to it."""
        request = b"".join(field(key, value) for key, value in facts.items())
        return fields(self.call(ENROLL, message(number, request))[answer])

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.stream.recv(count - len(data))
            if not part:
                raise ConnectionError("the server closed the connection")
            data += part
        return data

    def call(self, method, request):
        wanted, self.next_id = self.next_id, self.next_id + 1
        body = field(1, wanted) + message(method, request)
        self.stream.sendall(struct.pack(">BI", 0, len(body)) + body)
        while True:
            flags, length = struct.unpack(">BI", self.exactly(5))
            response = fields(self.exactly(length))
            identifier, status = response.get(1, 0), response.get(2, 0)
            text = response.get(3, b"").decode()
            if flags != 0:
                raise ConnectionError(f"flags {flags}")
            if identifier == wanted:
                if status != 0:
                    raise RuntimeError(f"status {status}: {text}")
                return fields(response[method])
            if identifier == 0 and status != 0:
                raise RuntimeError(f"objection {status}: {text}")
            # Otherwise a notice, or the answer to a request that nobody waits for.


class Newcomer(Connection):
    """Without a certificate, to get one."""

    def __init__(self, host, port):
        self.stream = foreign_enrolment.connect(host, port)
        self.next_id = 1


def milliseconds():
    return time.time_ns() // 1_000_000


def service(state, start_type, detail):
    return (field(1, "InMage Scout Application Service") + field(2, state) + field(3, start_type) + field(4, detail)
            + field(5, "appservice.service"))


def say(what, **facts):
    print(json.dumps({"answer": what, **facts}), flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("server")
    arguments.add_argument("identity")
    arguments.add_argument("--beats", type=int, default=3)
    arguments.add_argument("--hostname", default=socket.gethostname())
    arguments.add_argument("--enroll", metavar="PASSPHRASE_FILE")
    arguments.add_argument("--linger", action="store_true", help="stay until standard input ends, then go without goodbye")
    options = arguments.parse_args()
    host, port = options.server.rsplit(":", 1)
    host, port = host.strip("[]"), int(port)
    if options.enroll:
        with open(options.enroll, "rb") as file:
            passphrase = file.readline().rstrip(b"\r\n")
        node = foreign_enrolment.enrol(Newcomer(host, port), passphrase, options.hostname, options.identity)
        say("enroll", node_id=node.hex())
    connection = Connection(host, port, options.identity)
    boot = os.urandom(16)

    pong = connection.call(PING, field(1, b"hello"))
    assert pong[1] == b"hello"
    say("ping", server_version=pong[2].decode(), fleet=pong[3].decode(), identity=pong[7].decode(),
        tls=connection.stream.version(), alpn=connection.stream.selected_alpn_protocol())

    terms = connection.call(REGISTER, b"".join([
        field(1, options.hostname), field(2, 1), message(3, varint(1)), field(4, 1), field(5, "Python's own Linux"),
        field(6, "0.0.1"), field(7, "192.0.2.77"), field(8, "elsewhere"), field(10, boot), field(11, "python"),
        message(12, service(1, 1, "active (running)")), field(14, milliseconds())]))
    interval = terms[2] / 1000
    start = time.monotonic()
    say("register", node_id=terms[1].hex(), heartbeat_interval_ms=terms[2], suspect_after_ms=terms[3],
        unreachable_after_ms=terms[4], observed_address=terms[6].decode())

    tag = int.from_bytes(boot[8:], "little")
    for sequence in range(1, options.beats + 1):
        time.sleep(max(0, start + sequence * interval - time.monotonic()))
        beat = field(1, sequence) + fixed64(2, tag) + fixed64(3, milliseconds())
        if sequence == 2:
            beat += message(4, service(2, 4, "inactive (dead)"))
        answer = connection.call(HEARTBEAT, beat)
        say("heartbeat", sequence=sequence, heartbeat_interval_ms=answer.get(1, 0), report_in_full=answer.get(2, 0))

    if options.linger:
        sys.stdin.read()
        return
    connection.call(LEAVE, field(1, 3))
    say("leave")
    connection.stream.close()


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, ConnectionError) as error:
        print(f"foreign_agent.py: {error}", file=sys.stderr)
        sys.exit(1)
