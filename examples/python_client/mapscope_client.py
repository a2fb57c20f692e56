"""A client of Mapscope's socket (docs/protocol.md) with nothing but the standard library of Python 3.9."""

import base64
import hashlib
import json
import os
import socket
import struct
import urllib.request
from urllib.parse import parse_qs, urlsplit

PROTOCOL = "mapscope.v1"
HEADER = struct.Struct("<BBHIQII")
DATA, ZERO_RUN, PATCH, END = 1, 2, 3, 4
LAST, STALE = 1, 2
MAX_MESSAGE = 64 * 1024 * 1024


class ProblemError(Exception):
    """The server's answer to a request that failed; `code` is stable."""

    def __init__(self, problem):
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.code = problem["code"]


class WebSocket:
    """As much of RFC 6455 as a client needs."""

    def __init__(self, host, port, token, timeout=30):
        self._socket = socket.create_connection((host, port), timeout)
        self._buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            (
                "GET /api/v1/socket HTTP/1.1\r\n"
                f"Host: {host}:{port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {PROTOCOL}\r\n"
                f"Authorization: Bearer {token}\r\n\r\n"
            ).encode()
        )
        head = self._read_until(b"\r\n\r\n").decode("latin1").split("\r\n")
        if " 101 " not in head[0] + " ":
            raise ConnectionError(f"no socket: {head[0]}")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        if fields.get("sec-websocket-accept") != accept.decode() or fields.get("sec-websocket-protocol") != PROTOCOL:
            raise ConnectionError("what answered is no Mapscope server")

    def send(self, text):
        self._send_frame(0x1, text.encode())

    def receive(self):
        """The next message: text as str, binary as bytes. Raises ConnectionError when the connection has ended."""
        parts, kind = [], None
        while True:
            first, second = self._read(2)
            length = second & 127
            if length == 126:
                (length,) = struct.unpack(">H", self._read(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self._read(8))
            if length + sum(map(len, parts)) > MAX_MESSAGE:
                raise ConnectionError("a message too long")
            payload, opcode = self._read(length), first & 15
            if opcode == 8:
                raise ConnectionError("the server has closed the connection")
            if opcode == 9:
                self._send_frame(0xA, payload)
            if opcode in (1, 2):
                kind = opcode
            if opcode in (0, 1, 2):
                parts.append(payload)
                if first & 128:
                    message = b"".join(parts)
                    return message.decode() if kind == 1 else message

    def close(self):
        self._socket.close()

    def _send_frame(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        if size < 126:
            head = struct.pack(">BB", 128 | opcode, 128 | size)
        elif size < 65536:
            head = struct.pack(">BBH", 128 | opcode, 128 | 126, size)
        else:
            head = struct.pack(">BBQ", 128 | opcode, 128 | 127, size)
        masked = bytes(byte ^ mask[at & 3] for at, byte in enumerate(payload))
        self._socket.sendall(head + mask + masked)

    def _read(self, count):
        while len(self._buffer) < count:
            data = self._socket.recv(max(65536, count - len(self._buffer)))
            if not data:
                raise ConnectionError("the connection is lost")
            self._buffer += data
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _read_until(self, end):
        while end not in self._buffer:
            data = self._socket.recv(4096)
            if not data:
                raise ConnectionError("the connection is lost")
            self._buffer += data
        taken, self._buffer = self._buffer.split(end, 1)
        return taken


class Client:
    """One connection. `on_changed(message)` and `on_patch(offset, bytes)` are called while an answer is waited for, and by `follow`."""

    def __init__(self, link, on_changed=None, on_patch=None):
        parts = urlsplit(link)
        self._base = f"{parts.scheme}://{parts.netloc}/api/v1"
        self._token = parse_qs(parts.query)["token"][0]
        self._on_changed = on_changed or (lambda message: None)
        self._on_patch = on_patch or (lambda offset, data: None)
        self._last_id = 0
        self._socket = WebSocket(parts.hostname, parts.port, self._token)
        self.hello = json.loads(self._socket.receive())

    def open_path(self, path):
        """The document at a path of the server (`<root>/<path below it>`), over HTTP."""
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        body = json.dumps({"path": path}).encode()
        request = urllib.request.Request(f"{self._base}/documents", body, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def open(self, document_id, revision=None):
        """Subscribes. With the last revision seen, the answer's `missed` lists what came after; without that, everything may differ."""
        seen = {} if revision is None else {"revision": revision}
        return self._request("opened", type="open", documentId=document_id, **seen)

    def watch(self, document_id, start, end, stream=0):
        """Watches a range: its bytes come as patches, now and whenever they change."""
        ranges = [{"start": start, "end": end}]
        return self._request(
            "watching", type="watch", documentId=document_id, stream=stream, ranges=ranges, hasPatches=True
        )

    def read(self, document_id, start, end, stream=1):
        """The bytes of a range. Raises OSError when some of them cannot be read."""
        ranges = [{"start": start, "end": end}]
        request = self._send(type="read", documentId=document_id, stream=stream, priority="bulk", ranges=ranges)
        result, unreadable = bytearray(end - start), []
        while True:
            message = self._socket.receive()
            if isinstance(message, str):
                message = self._take_message(message, request)
                if message is not None and message["type"] == "unreadable":
                    unreadable += message["ranges"]
                continue
            kind, flags, _, answered, offset, length, _ = HEADER.unpack_from(message)
            if answered != request:
                self._take_frame(message)
                continue
            if kind == DATA:
                result[offset - start : offset - start + length] = message[HEADER.size :]
                self._send(type="credit", stream=stream, byteLength=length)
            if flags & LAST:
                break
        if unreadable:
            raise OSError(f"cannot be read: {unreadable}")
        return bytes(result)

    def find(self, document_id, query, start=0, direction="forward", on_progress=None):
        """The next hit of any kind of query, as {"kind": "regexp", "text": "v[0-9]+"}: its `found` message, or None when there is none."""
        request = self._send(type="search", documentId=document_id, query=query, **{"from": start}, direction=direction)
        while True:
            received = self._socket.receive()
            if isinstance(received, bytes):
                self._take_frame(received)
                continue
            message = self._take_message(received, request)
            if message is None:
                continue
            if message["type"] == "progress":
                if on_progress is not None:
                    on_progress(message["scanned"], message["total"])
            else:
                return message if message["type"] == "found" else None

    def follow(self):
        """Takes what comes, for ever: changes and patches go to the callbacks."""
        while True:
            self.take_one()

    def take_one(self):
        message = self._socket.receive()
        if isinstance(message, str):
            self._take_message(message, None)
        else:
            self._take_frame(message)

    def close(self):
        self._socket.close()

    def _send(self, **message):
        self._last_id += 1
        self._socket.send(json.dumps({"id": self._last_id, **message}))
        return self._last_id

    def _request(self, answer, **message):
        request = self._send(**message)
        while True:
            received = self._socket.receive()
            if isinstance(received, bytes):
                self._take_frame(received)
                continue
            taken = self._take_message(received, request)
            if taken is not None and taken["type"] == answer:
                return taken

    def _take_message(self, text, request):
        """Calls back for events; gives back what answers the request. Types of a newer server are passed over."""
        message = json.loads(text)
        if message["type"] == "changed":
            self._on_changed(message)
        if message["type"] == "error" and message.get("id") in (None, request):
            raise ProblemError(message["problem"])
        return message if request is not None and message.get("id") == request else None

    def _take_frame(self, message):
        kind, _, stream, _, offset, length, _ = HEADER.unpack_from(message)
        if kind == PATCH:
            self._on_patch(offset, message[HEADER.size :])
            self._send(type="credit", stream=stream, byteLength=length)
        elif kind == ZERO_RUN:
            self._on_patch(offset, bytes(length))
