"""The bench's provider: reads a request whole and gives one fixed answer, as cheaply as Python can."""

import asyncio
import sys

import uvloop

BODY = (
    b'{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",'
    b'"message":{"role":"assistant","content":"ok"}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}'
)
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(BODY) + BODY


class Origin(asyncio.Protocol):
    """One connection. Envoy sends a content-length whenever its client did, which the bench's does."""

    def connection_made(self, transport):
        self._transport = transport
        self._buffer = bytearray()
        self._missing = 0

    def data_received(self, data):
        if self._missing > len(data):
            self._missing -= len(data)
            return
        if self._missing:
            data = data[self._missing :]
            self._missing = 0
            self._transport.write(ANSWER)
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._buffer[:end]).lower()
            at = head.index(b"content-length:") + len(b"content-length:")
            length = int(head[at:].split(b"\r\n", 1)[0])
            here = len(self._buffer) - end - 4
            if here < length:
                self._buffer.clear()
                self._missing = length - here
                return
            del self._buffer[: end + 4 + length]
            self._transport.write(ANSWER)


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Origin, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
