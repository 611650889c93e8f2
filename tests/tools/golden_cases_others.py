"""Calls of the SDKs of Google, Ollama, Mistral and Cohere, one a case: requests that the codecs' golden files cover."""

from base64 import b64decode
from typing import Any

from google.genai import types
from tests.tools.golden_cases import HELLO, IMAGE_URL, PNG, SCHEMA, Calls

_PNG = b64decode(PNG)
_TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Look it up", "parameters": SCHEMA}}


def _declaration() -> types.Tool:
    function = types.FunctionDeclaration(name="get_weather", description="Look it up", parameters_json_schema=SCHEMA)
    return types.Tool(function_declarations=[function])


GEMINI: Calls = {
    "generate": lambda c: c.models.generate_content(
        model="gemini-2.5-flash",
        contents="Translate “good morning” 🌅",
        config=types.GenerateContentConfig(
            system_instruction="You are terse.",
            temperature=0.2,
            top_k=3,
            max_output_tokens=200,
            stop_sequences=["END"],
            safety_settings=[
                types.SafetySetting(
                    category=types.HarmCategory.HARM_CATEGORY_HARASSMENT, threshold=types.HarmBlockThreshold.BLOCK_NONE
                )
            ],
        ),
    ),
    "stream": lambda c: list(c.models.generate_content_stream(model="gemini-2.5-flash", contents="Hello")),
    "turns": lambda c: c.models.generate_content(
        model="gemini-2.5-flash",
        contents=[
            types.Content(
                role="user",
                parts=[
                    types.Part(text="What is in these?"),
                    types.Part(inline_data=types.Blob(mime_type="image/png", data=_PNG)),
                    types.Part(file_data=types.FileData(mime_type="application/pdf", file_uri="gs://bucket/a.pdf")),
                ],
            ),
            types.Content(
                role="model",
                parts=[
                    types.Part(text="I should look.", thought=True, thought_signature=b"signature of a thought"),
                    types.Part(function_call=types.FunctionCall(name="get_weather", args={"city": "Paris"}, id="f1")),
                ],
            ),
            types.Content(
                role="user",
                parts=[
                    types.Part(
                        function_response=types.FunctionResponse(name="get_weather", response={"sky": "grey"}, id="f1")
                    )
                ],
            ),
            types.Content(
                role="model",
                parts=[
                    types.Part(executable_code=types.ExecutableCode(code="print(1)", language=types.Language.PYTHON)),
                    types.Part(
                        code_execution_result=types.CodeExecutionResult(outcome=types.Outcome.OUTCOME_OK, output="1")
                    ),
                ],
            ),
        ],
        config=types.GenerateContentConfig(
            tools=[_declaration(), types.Tool(google_search=types.GoogleSearch())],
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            cached_content="cachedContents/c1",
        ),
    ),
    "embed": lambda c: c.models.embed_content(model="gemini-embedding-001", contents=["First", "Second"]),
    "count": lambda c: c.models.count_tokens(model="gemini-2.5-flash", contents="How long?"),
}

VERTEX: Calls = {
    "generate": lambda c: c.models.generate_content(
        model="gemini-2.5-flash",
        contents="Hello",
        config=types.GenerateContentConfig(system_instruction="Be kind.", labels={"team": "blue"}),
    ),
    "stream": lambda c: list(c.models.generate_content_stream(model="gemini-2.5-flash", contents="Hello")),
}

OLLAMA: Calls = {
    "chat": lambda c: c.chat(
        model="llama3.2:1b",
        messages=[
            {"role": "system", "content": "You are terse."},
            {"role": "user", "content": "What is this?", "images": [_PNG]},
            {
                "role": "assistant",
                "content": "",
                "thinking": "I should look.",
                "tool_calls": [{"function": {"name": "get_weather", "arguments": {"city": "Paris"}}}],
            },
            {"role": "tool", "content": "18 degrees", "tool_name": "get_weather"},
        ],
        tools=[_TOOL],
        format=SCHEMA,
        options={"temperature": 0.2, "num_predict": 20, "stop": ["END"]},
        keep_alive="5m",
    ),
    "chat_stream": lambda c: list(c.chat(model="llama3.2", messages=HELLO, stream=True)),
    "generate": lambda c: c.generate(
        model="qwen", prompt="def f(", suffix="return x", system="Code only.", template="{{ .Prompt }}", context=[1, 2]
    ),
    "embed": lambda c: c.embed(model="all-minilm", input=["First", "Second"], truncate=True),
    "embeddings": lambda c: c.embeddings(model="all-minilm", prompt="First"),
}

MISTRAL: Calls = {
    "chat": lambda c: c.chat.complete(
        model="mistral-large-latest",
        messages=[
            {"role": "system", "content": "You are terse."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is in these?"},
                    {"type": "image_url", "image_url": IMAGE_URL},
                    {"type": "document_url", "document_url": "https://example.com/a.pdf", "document_name": "a.pdf"},
                ],
            },
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "I should look."}]}],
                "tool_calls": [
                    {"id": "call00001", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}
                ],
            },
            {"role": "tool", "content": "18 degrees", "tool_call_id": "call00001", "name": "get_weather"},
        ],
        tools=[_TOOL],
        temperature=0.2,
        random_seed=7,
        safe_prompt=True,
        stop=["END"],
    ),
    "chat_stream": lambda c: list(c.chat.stream(model="mistral-small-latest", messages=HELLO)),
    "fim": lambda c: c.fim.complete(model="codestral-latest", prompt="def f(", suffix="return x"),
    "embeddings": lambda c: c.embeddings.create(model="mistral-embed", inputs=["First", "Second"]),
}

COHERE: Calls = {
    "chat": lambda c: c.chat(
        model="command-a-03-2025",
        messages=[
            {"role": "system", "content": "You are terse."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": IMAGE_URL}},
                ],
            },
            {
                "role": "assistant",
                "tool_plan": "I will look.",
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'},
                    }
                ],
            },
            {
                "role": "tool",
                "tool_call_id": "c1",
                "content": [{"type": "document", "document": {"data": {"sky": "grey"}, "id": "d1"}}],
            },
        ],
        documents=["A plain text", {"data": {"title": "Weather", "snippet": "It rains"}, "id": "d2"}],
        tools=[_TOOL],
        k=3,
        p=0.5,
        max_tokens=20,
    ),
    "chat_stream": lambda c: list(c.chat_stream(model="command-a-03-2025", messages=HELLO)),
    "embed": lambda c: c.embed(
        model="embed-v4.0", texts=["First", "Second"], input_type="search_document", embedding_types=["float"]
    ),
    "embed_inputs": lambda c: c.embed(
        model="embed-v4.0",
        inputs=[
            {"content": [{"type": "text", "text": "First"}, {"type": "image_url", "image_url": {"url": IMAGE_URL}}]}
        ],
        input_type="search_document",
        embedding_types=["float"],
    ),
    "rerank": lambda c: c.rerank(model="rerank-v3.5", query="Which rains?", documents=["Sun", "Rain"], top_n=1),
}

CASES: dict[str, dict[str, Any]] = {
    "gemini": GEMINI,
    "vertex": VERTEX,
    "ollama": OLLAMA,
    "mistral": MISTRAL,
    "cohere": COHERE,
}
