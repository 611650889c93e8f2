import pytest
from tests.unit.codecs.exchanges import exchange

from firebreak.codecs.registry import pick, refusal_codec
from firebreak.codecs.routes import ROUTES, PassThrough
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def refused(reason, **request):
    with pytest.raises(BadInput) as caught:
        pick(exchange({"a": 1}, **request))
    assert caught.value.reason is reason


PICKED = [
    ("openai", "/v1/chat/completions", "openai.chat"),
    ("openai", "/v1/responses", "openai.responses"),
    ("openai", "/v1/completions", "openai.completions"),
    ("openai", "/v1/embeddings", "openai.embeddings"),
    ("openai", "/v1/moderations", "openai.moderations"),
    ("openai", "/v1/images/generations", "openai.images"),
    ("openai", "/v1/audio/speech", "openai.speech"),
    ("azure_openai", "/openai/deployments/gpt-4.1_eu/chat/completions", "openai.chat"),
    ("azure_openai", "/openai/deployments/d/completions", "openai.completions"),
    ("azure_openai", "/openai/deployments/d/embeddings", "openai.embeddings"),
    ("azure_openai", "/openai/responses", "openai.responses"),
    ("azure_openai", "/openai/v1/chat/completions", "openai.chat"),
    ("azure_openai", "/openai/v1/completions", "openai.completions"),
    ("azure_openai", "/openai/v1/embeddings", "openai.embeddings"),
    ("azure_openai", "/openai/v1/responses", "openai.responses"),
    ("openai", "/v1/batches", "openai.batches"),
    ("openai", "/v1/uploads", "openai.uploads"),
    ("azure_openai", "/openai/batches", "openai.batches"),
    ("azure_openai", "/openai/v1/uploads/u/complete", "openai.uploads"),
    ("anthropic", "/v1/messages", "anthropic.messages"),
    ("anthropic", "/v1/messages/batches", "anthropic.batches"),
    ("anthropic", "/v1/messages/count_tokens", "anthropic.count_tokens"),
    ("bedrock", "/model/us.anthropic.claude-v2%3A1/converse", "bedrock.converse"),
    ("bedrock", "/model/amazon.nova-lite-v1:0/converse-stream", "bedrock.converse"),
    ("bedrock", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Fm.m/invoke", "bedrock.invoke"),
    ("bedrock", "/model/meta.llama3-8b/invoke-with-response-stream", "bedrock.invoke"),
    ("bedrock", "/model/a.b/count-tokens", "bedrock.count_tokens"),
    ("mcp", "/api/v1/mcp/", "mcp"),
    ("gemini", "/v1beta/models/gemini-2.5-flash:generateContent", "gemini.generate_content"),
    ("gemini", "/v1/tunedModels/mine%3AgenerateContent", "gemini.generate_content"),
    ("gemini", "/v1beta/models/gemini-2.5-flash:streamGenerateContent", "gemini.stream_generate_content"),
    ("gemini", "/v1beta/models/gemini-2.5-flash%3acountTokens", "gemini.count_tokens"),
    ("gemini", "/v1beta/models/gemini-embedding-001:embedContent", "gemini.embed_content"),
    ("gemini", "/v1beta/models/gemini-embedding-001:batchEmbedContents", "gemini.batch_embed_contents"),
    *(
        ("vertex", f"/v1/projects/p/locations/europe-west4/publishers/google/models/m:{verb}", f"gemini.{surface}")
        for verb, surface in (
            ("generateContent", "generate_content"),
            ("streamGenerateContent", "stream_generate_content"),
            ("countTokens", "count_tokens"),
            ("embedContent", "embed_content"),
            ("batchEmbedContents", "batch_embed_contents"),
        )
    ),
    ("vertex", "/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent", "gemini.generate_content"),
    ("ollama", "/api/chat", "ollama.chat"),
    ("ollama", "/api/generate", "ollama.generate"),
    ("ollama", "/api/embed", "ollama.embed"),
    ("ollama", "/api/embeddings", "ollama.embeddings"),
    ("ollama", "/v1/chat/completions", "openai.chat"),
    ("ollama", "/v1/completions", "openai.completions"),
    ("ollama", "/v1/embeddings", "openai.embeddings"),
    ("ollama", "/v1/responses", "openai.responses"),
    ("mistral", "/v1/chat/completions", "mistral.chat"),
    ("mistral", "/v1/fim/completions", "mistral.fim"),
    ("mistral", "/v1/embeddings", "mistral.embeddings"),
    ("cohere", "/v2/chat", "cohere.chat"),
    ("cohere", "/v2/embed", "cohere.embed"),
    ("cohere", "/v2/rerank", "cohere.rerank"),
    ("generic", "/v1/anything", "generic"),
]


@pytest.mark.parametrize(("api", "path", "surface"), PICKED)
def test_each_route_has_its_codec(api, path, surface):
    target = pick(exchange({}, api=api, path=path))
    assert not isinstance(target, PassThrough)
    assert target.surface == surface


FORMS = [
    ("/v1/images/edits", "openai.image_edits"),
    ("/v1/images/variations", "openai.image_variations"),
    ("/v1/audio/transcriptions", "openai.transcriptions"),
    ("/v1/audio/translations", "openai.translations"),
    ("/v1/files", "openai.files"),
    ("/v1/uploads/upload_1/parts", "openai.uploads"),
]


@pytest.mark.parametrize(("path", "surface"), FORMS)
def test_a_form_goes_to_the_codec_that_reads_forms(path, surface):
    target = pick(exchange({}, path=path, headers={"content-type": 'multipart/form-data; boundary="a-1"'}))
    assert target.surface == surface
    for content_type in ("application/json", "multipart/form-data", "multipart/mixed; boundary=a", "text/plain"):
        refused(Reason.CONTENT_TYPE, path=path, headers={"content-type": content_type})
    refused(Reason.CONTENT_TYPE, headers={"content-type": "multipart/form-data; boundary=a"})


def test_the_lists_above_are_complete():
    reading = {(route.api, route.target.surface) for route in ROUTES if not isinstance(route.target, PassThrough)}
    listed = {(api, surface) for api, _, surface in PICKED} | {("openai", surface) for _, surface in FORMS}
    listed |= {("azure_openai", "openai.files")}
    assert listed == reading


@pytest.mark.parametrize(
    "path",
    [
        "/v1beta/models/a:b:generateContent",
        "/v1beta/models/:generateContent",
        "/v1beta/models/a%253AgenerateContent",
        "/v1beta/models/a%2FgenerateContent",
        "/v1beta/models/a:generatecontent",
        "/v1beta/models/a/b:generateContent",
    ],
)
def test_googles_verbs_stand_behind_one_colon(path):
    refused(Reason.UNKNOWN_ROUTE, api="gemini", path=path)


@pytest.mark.parametrize("query", ["key=AIzaSyD", "alt=sse&key=AIzaSyD", "KEY=a", "access_token=a", "api_key=a"])
@pytest.mark.parametrize("api", ["gemini", "openai"])
def test_no_credential_is_taken_in_the_query(api, query):
    path = "/v1beta/models/a:generateContent" if api == "gemini" else "/v1/chat/completions"
    refused(Reason.QUERY_CREDENTIAL, api=api, path=path, query=query)
    assert "AIza" not in repr(exchange({}, api=api, path=path, query=query))


@pytest.mark.parametrize("query", ["alt=sse", "$alt=json;enum-encoding=int", "%24alt=json%3Benum-encoding=int"])
def test_googles_parameters(query):
    for path in ("/v1beta/models/a:streamGenerateContent", "/v1beta/models/a:generateContent"):
        pick(exchange({}, api="gemini", path=path, query=query))
    refused(Reason.QUERY, api="gemini", path="/v1beta/models/a:generateContent", query="alt=media")


@pytest.mark.parametrize(
    ("api", "path", "query"),
    [
        ("openai", "/v1/models", ""),
        ("openai", "/v1/models/ft:gpt-4o:org::x1", ""),
        ("azure_openai", "/openai/models", "api-version=2024-10-21"),
        ("azure_openai", "/openai/models/gpt-4", "api-version=2024-10-21"),
        ("azure_openai", "/openai/v1/models", ""),
        ("azure_openai", "/openai/v1/models/gpt-4", "api-version=preview"),
        ("anthropic", "/v1/models", "limit=20&after_id=claude-1"),
        ("anthropic", "/v1/models/claude-sonnet-5", ""),
    ],
)
def test_listings_pass_without_a_body(api, path, query):
    target = pick(exchange(raw=b"", api=api, method="GET", path=path, query=query, headers={}))
    assert target == PassThrough(f"{api}.models")
    refused(Reason.UNKNOWN_ROUTE, api=api, method="GET", path=path, query=query)


BATCHES = [
    ("openai", "GET", "/v1/files", "limit=20&order=asc&after=file-1&purpose=batch", "openai.file_list"),
    ("openai", "GET", "/v1/files/file-1", "", "openai.file"),
    ("openai", "DELETE", "/v1/files/file-1", "", "openai.file"),
    ("openai", "GET", "/v1/files/file-1/content", "", "openai.file_content"),
    ("openai", "GET", "/v1/batches", "limit=20&after=batch_1", "openai.batch_list"),
    ("openai", "GET", "/v1/batches/batch_1", "", "openai.batch"),
    ("openai", "POST", "/v1/batches/batch_1/cancel", "", "openai.batch"),
    ("azure_openai", "GET", "/openai/files/file-1/content", "api-version=2024-10-21", "openai.file_content"),
    ("azure_openai", "GET", "/openai/v1/batches", "", "openai.batch_list"),
    ("anthropic", "GET", "/v1/messages/batches", "limit=20&beta=true", "anthropic.batch_list"),
    ("anthropic", "GET", "/v1/messages/batches/msgbatch_1", "", "anthropic.batch"),
    ("anthropic", "DELETE", "/v1/messages/batches/msgbatch_1", "", "anthropic.batch"),
    ("anthropic", "POST", "/v1/messages/batches/msgbatch_1/cancel", "", "anthropic.batch"),
    ("anthropic", "GET", "/v1/messages/batches/msgbatch_1/results", "", "anthropic.batch_results"),
]


@pytest.mark.parametrize(("api", "method", "path", "query", "surface"), BATCHES)
def test_what_is_around_files_and_batches_passes_without_a_body(api, method, path, query, surface):
    target = pick(exchange(raw=b"", api=api, method=method, path=path, query=query, headers={}))
    assert isinstance(target, PassThrough)
    assert target.surface == surface
    refused(Reason.UNKNOWN_ROUTE, api=api, method=method, path=path, query=query)


@pytest.mark.parametrize("query", ["limit=many", "purpose=a%20secret", "after=a&after=b", "order=up", "q=x"])
def test_parameters_of_listings_are_no_texts(query):
    with pytest.raises(BadInput) as caught:
        pick(exchange(raw=b"", method="GET", path="/v1/files", query=query, headers={}))
    assert caught.value.reason is Reason.QUERY


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1/chat/completions/",
        "/V1/chat/completions",
        "//v1/chat/completions",
        "/v1//chat/completions",
        "/v1/../v1/chat/completions",
        "/v1/chat%2fcompletions",
        "/v1/chat/completions;a=b",
        "/v1/chat/completions\n",
        "/v1/chat/completions?x=1",
        "/v1/vector_stores",
        "/v1/messages",
    ],
)
def test_a_path_off_the_list_is_an_unknown_route(path):
    refused(Reason.UNKNOWN_ROUTE, path=path)


@pytest.mark.parametrize("name", ["a/b", "a%2fb", "..", "a..b", "", "a;b", "é", "a b", "-a", "x" * 200, "a\n"])
def test_a_name_in_a_path_is_conservative(name):
    refused(Reason.UNKNOWN_ROUTE, api="azure_openai", path=f"/openai/deployments/{name}/chat/completions")
    refused(Reason.UNKNOWN_ROUTE, method="GET", path=f"/v1/models/{name}")


def test_method_and_api_count():
    refused(Reason.UNKNOWN_ROUTE, method="GET")
    refused(Reason.UNKNOWN_ROUTE, method="post")
    refused(Reason.UNKNOWN_ROUTE, api="anthropic")


def test_an_api_without_a_route_is_an_unknown_destination():
    refused(Reason.UNKNOWN_DESTINATION, api="unheard-of")


@pytest.mark.parametrize(
    "kind",
    ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"', " application/json "],
)
def test_json_by_any_spelling_is_taken(kind):
    pick(exchange({}, headers={"content-type": kind}))


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; x=y",
        "application/json, text/plain",
        "application/jsonp",
        "multipart/form-data; boundary=x",
    ],
)
def test_another_content_type_is_refused(kind):
    refused(Reason.CONTENT_TYPE, headers={"content-type": kind})


def test_a_body_must_be_there_and_plain():
    with pytest.raises(BadInput) as caught:
        pick(exchange(raw=b""))
    assert caught.value.reason is Reason.BODY_EMPTY
    headers = {"content-type": "application/json"}
    refused(Reason.BODY_ENCODED, headers={**headers, "content-encoding": "gzip"})
    refused(Reason.BODY_ENCODED, headers={**headers, "content-encoding": "identity, gzip"})
    pick(exchange({}, headers={**headers, "content-encoding": "Identity"}))


@pytest.mark.parametrize(
    ("api", "path", "query"),
    [
        ("openai", "/v1/chat/completions", "x=AKIAIOSFODNN7EXAMPLE"),
        ("azure_openai", "/openai/responses", "api-version=soon"),
        ("azure_openai", "/openai/responses", "api-version=2024-10-21&api-version=2024-10-21"),
        ("azure_openai", "/openai/responses", "api-version=2024-10-21%0a"),
        ("azure_openai", "/openai/responses", "api-version=2024-10-21&"),
        ("azure_openai", "/openai/responses", "api-version=２０２４-10-21"),
        ("anthropic", "/v1/messages", "beta=maybe"),
        ("anthropic", "/v1/messages", "beta"),
    ],
)
def test_a_query_that_no_sdk_sends_is_refused(api, path, query):
    refused(Reason.QUERY, api=api, path=path, query=query)


def test_a_query_the_sdks_send_is_taken():
    pick(exchange({}, api="anthropic", path="/v1/messages", query="beta=true"))
    pick(exchange({}, api="azure_openai", path="/openai/responses", query="api-version=2025-04-01-preview"))


def test_someone_can_always_render_a_refusal():
    refusal = Refusal(403, "unknown_route", "path: no codec", "invalid")
    assert b'"permission_error"' in refusal_codec("anthropic").refuse(refusal).body
    for api in ("openai", "azure_openai", "", "unheard-of"):
        assert b'"unknown_route"' in refusal_codec(api).refuse(refusal).body
