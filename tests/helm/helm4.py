"""Run by the Python of build/helm-tools: renders the chart with Helm 4's engine.

Reads a JSON object of values by name on standard input, and writes one of `{"objects": text}` or `{"refused": text}`.
"""

import json
import sys

import helm_python


def rendered(chart: helm_python.Chart, values: dict) -> dict[str, str]:
    try:
        chart.validate_schema(values)
        files = chart.render(values, name="fb", namespace="llm")
    except helm_python.HelmError as error:
        return {"refused": str(error)}
    texts = [text for path, text in files.items() if not path.endswith("NOTES.txt")]
    return {"objects": "\n---\n".join(texts), "notes": files["firebreak/templates/NOTES.txt"]}


def main() -> None:
    with helm_python.Chart.load(sys.argv[1]) as chart:
        json.dump({name: rendered(chart, values) for name, values in json.load(sys.stdin).items()}, sys.stdout)


if __name__ == "__main__":
    main()
