import json

import pytest

from firebreak.codecs.body_changes import BodyChanges, CannotChange
from firebreak.codecs.constraint_forms import Asked, form_of
from firebreak.codecs.tool_removal import keys, remove_tools
from firebreak.pipeline.edit import splice


def without(surface, body, *names):
    raw = json.dumps(body).encode()
    form = form_of(Asked(surface), body)
    assert form is not None
    changes = BodyChanges(raw, body, two_spellings=form.google)
    remove_tools(changes, form, names.__contains__)
    return json.loads(splice(raw, changes.changes()))


def test_a_choice_goes_only_with_the_tool_it_names():
    tools = [{"name": "a"}, {"name": "b"}]
    choice = {"type": "tool", "name": "a"}
    body = {"tools": tools, "tool_choice": choice}
    assert without("anthropic.messages", body, "a") == {"tools": [{"name": "b"}]}
    assert without("anthropic.messages", body, "b") == {"tools": [{"name": "a"}], "tool_choice": choice}
    assert without("anthropic.messages", {"tool_choice": choice, "x": 1}, "a") == {"tool_choice": choice, "x": 1}


def test_what_is_no_definition_stays():
    body = {"tools": ["text", {"functionDeclarations": "text"}], "contents": []}
    assert without("gemini.generate_content", body, "text") == body
    assert without("gemini.generate_content", {"tools": "x", "contents": []}, "x") == {"tools": "x", "contents": []}


def test_tools_beside_the_list_are_refused():
    hidden: list[dict[str, object]] = [{"Tools": []}, {"a": {"mcp_servers": []}}]
    for members in hidden:
        with pytest.raises(CannotChange):
            without("bedrock.converse", {"additionalModelRequestFields": members}, "a")


def test_keys_are_found_at_every_depth():
    assert keys({"a": [{"b": 1}, 2], "c": {"d": {}}}) == ["a", "c", "b", "d"]
