"""Run by the Python of build/helm-tools: evaluates CEL expressions as an API server would.

Reads a JSON list of `{"variables": [{name, expression}], "expression": text, "values": {name: value}}` on standard input,
and writes the list of their values. Kubernetes' own library compiles the same language with types; this one has none.
"""

import json
import sys

import celpy


def evaluated(case: dict) -> object:
    environment = celpy.Environment()
    values = {name: celpy.json_to_cel(value) for name, value in case["values"].items()}
    known: dict[str, object] = {}
    for variable in case["variables"]:
        known[variable["name"]] = run(environment, variable["expression"], values, known)
    return run(environment, case["expression"], values, known)


def run(environment: celpy.Environment, text: str, values: dict, known: dict) -> object:
    scope = values | {"variables": celpy.celtypes.MapType({celpy.celtypes.StringType(k): v for k, v in known.items()})}
    return environment.program(environment.compile(text)).evaluate(scope)


if __name__ == "__main__":
    json.dump([bool(evaluated(case)) for case in json.load(sys.stdin)], sys.stdout)
