"""llama.cpp's server with a model made here: random weights, and grammars that say what it shall answer.

It is no part of what the tests install: `llama-server` on the PATH (Debian's llama.cpp-tools), or the program that
LLAMA_SERVER names.
"""

import contextlib
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np

from firebreak.local.stack import free_port

WIDTH, HEADS, INNER = 64, 2, 128
_BYTES = [f"<0x{value:02X}>" for value in range(256)]
_SIGNS = [chr(point) for point in range(33, 127)] + ["\u2581"]
TOKENS = ["<unk>", "<s>", "</s>", *_BYTES, *_SIGNS]
KINDS = [2, 3, 3, *[6] * len(_BYTES), *[1] * len(_SIGNS)]  # unknown, control, bytes, ordinary: gguf.TokenType
TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"


def program() -> str:
    """The server's path, empty where there is none."""
    return os.environ.get("LLAMA_SERVER") or shutil.which("llama-server") or ""


def write_model(path: Path) -> None:
    """A Llama of one layer in which each character is a token, so that each is an event of a stream."""
    out = gguf.GGUFWriter(path, "llama")
    out.add_context_length(4096)
    out.add_embedding_length(WIDTH)
    out.add_block_count(1)
    out.add_feed_forward_length(INNER)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(len(TOKENS))
    out.add_tokenizer_model("llama")
    out.add_token_list(TOKENS)
    out.add_token_scores([0.0] * len(TOKENS))
    out.add_token_types(KINDS)
    out.add_unk_token_id(0)
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    out.add_chat_template(TEMPLATE)
    _add_weights(out)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _add_weights(out: gguf.GGUFWriter) -> None:
    random = np.random.default_rng(7)
    vocabulary, layer = (len(TOKENS), WIDTH), "blk.0."
    shapes = {
        "token_embd": vocabulary,
        "output": vocabulary,
        **{f"{layer}attn_{name}": (WIDTH, WIDTH) for name in ("q", "k", "v", "output")},
        **{f"{layer}ffn_{name}": (INNER, WIDTH) for name in ("gate", "up")},
        f"{layer}ffn_down": (WIDTH, INNER),
    }
    for name, shape in shapes.items():
        out.add_tensor(f"{name}.weight", (random.standard_normal(shape) * 0.05).astype(np.float32))
    for name in ("output_norm", f"{layer}attn_norm", f"{layer}ffn_norm"):
        out.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))


@contextlib.contextmanager
def running(folder: Path, says: str) -> Iterator[int]:
    """The port of a server that answers `says`, unless a request's `grammar` wants something else."""
    write_model(folder / "tiny.gguf")
    port = free_port()
    command = [program(), "-m", str(folder / "tiny.gguf"), "--host", "127.0.0.1", "--port", str(port), "-t", "1"]
    with (folder / "llama.log").open("wb") as log:
        process = subprocess.Popen([*command, "-c", "4096", "--grammar", exactly(says)], stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health", process, folder / "llama.log")
            yield port
        finally:
            process.terminate()
            process.wait(10)


def exactly(text: str) -> str:
    """The grammar (GBNF) of which `text` is the only sentence."""
    return f'root ::= "{text}"'


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
