import pytest

from firebreak.edge.envoy.extension import extension, seconds, typed


def test_a_message_of_the_extensions_is_named_in_short() -> None:
    assert typed("filters.http.router.v3.Router", a=1) == {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
        "a": 1,
    }


def test_another_message_is_named_in_full() -> None:
    assert typed("envoy.config.x.v3.Y")["@type"] == "type.googleapis.com/envoy.config.x.v3.Y"


def test_an_extension_has_a_name_and_a_configuration() -> None:
    assert extension("n", "a.B", c=2) == {"name": "n", "typed_config": typed("a.B", c=2)}


@pytest.mark.parametrize(
    ("value_s", "text"), [(1, "1s"), (0.25, "0.25s"), (300.0, "300s"), (0.0101, "0.01s"), (10, "10s")]
)
def test_durations(value_s: float, text: str) -> None:
    assert seconds(value_s) == text
