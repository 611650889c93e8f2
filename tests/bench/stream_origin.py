"""The bench's provider of streams: each event says in its id when it was sent, on the clock that all processes share."""

import asyncio
import json
import sys
import time

import uvloop

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
WORDS = (
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "lazy",
    "dog",
    "while",
    "people",
    "write",
    "with",
    "care",
)


def event(number: int) -> bytes:
    """One word of an answer; its space makes it whole, so that nothing has to wait for the next."""
    delta = {"content": WORDS[number % len(WORDS)] + " "}
    body = {
        "id": f"at-{time.monotonic_ns()}",
        "object": "chat.completion.chunk",
        "created": 1700000000,
        "model": "gpt-5",
        "choices": [{"index": 0, "delta": delta, "finish_reason": None}],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Each request says in `max_tokens` how many events it wants, and in `seed` how many milliseconds apart."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            asked = json.loads(await reader.readexactly(length))
            writer.write(HEAD)
            for number in range(asked["max_tokens"]):
                data = event(number)
                writer.write(b"%x\r\n%b\r\n" % (len(data), data))
                await asyncio.sleep(asked["seed"] / 1000)
            writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
