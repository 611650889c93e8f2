"""Every route that is known, in explicit lists: which codec reads it. A new one is a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.anthropic_batches import AnthropicBatches, results
from firebreak.codecs.anthropic_messages import AnthropicMessages
from firebreak.codecs.azure import AzureDeployment
from firebreak.codecs.bedrock_converse import BedrockConverse, BedrockTokens
from firebreak.codecs.bedrock_invoke import BedrockInvoke
from firebreak.codecs.cohere import CohereChat, CohereEmbed, CohereRerank
from firebreak.codecs.gemini import GeminiCount, GeminiGenerate
from firebreak.codecs.gemini_embed import GeminiEmbed
from firebreak.codecs.generic import Generic
from firebreak.codecs.interface import Codec
from firebreak.codecs.mcp import Mcp
from firebreak.codecs.mcp_answer import McpAnswer
from firebreak.codecs.mistral import MistralChat, MistralEmbeddings, MistralFim
from firebreak.codecs.ollama import OllamaChat, OllamaEmbed, OllamaGenerate
from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.codecs.openai_completions import OpenAICompletions
from firebreak.codecs.openai_embeddings import OpenAIEmbeddings
from firebreak.codecs.openai_files import OpenAIBatches, OpenAIFiles, OpenAIUploads
from firebreak.codecs.openai_files_answer import OpenAIFileAnswer
from firebreak.codecs.openai_media import OpenAIImageForm, OpenAIImages, OpenAISpeech, OpenAITranscription
from firebreak.codecs.openai_moderations import OpenAIModerations
from firebreak.codecs.openai_responses import OpenAIResponses
from firebreak.codecs.openai_responses_answer import OpenAIResponsesAnswer
from firebreak.codecs.plain_answer import PlainAnswer


class Form(Enum):
    """What a request's body must say that it is."""

    JSON = "application/json"
    JSON_UNSAID = "application/json or nothing"
    MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class PassThrough:
    """A route whose request carries no text: a listing, or an object by its id. `answer` reads what comes back."""

    surface: str
    answer: Callable[[], AnswerReader] = PlainAnswer


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is exact, or `{deployment}`/`{model}`/`{id}` where a name stands; `registry` knows others.

    `form` is what a body must be.
    """

    api: str
    method: str
    path: str
    target: Codec | PassThrough
    form: Form = Form.JSON


_CHAT = OpenAIChat()
_COMPLETIONS = OpenAICompletions()
_EMBEDDINGS = OpenAIEmbeddings()
_RESPONSES = OpenAIResponses()
_FILES, _BATCHES, _UPLOADS = OpenAIFiles(), OpenAIBatches(), OpenAIUploads()
_DEPLOYMENT = "/openai/deployments/{deployment}"


def _files(api: str, base: str) -> tuple[Route, ...]:
    """OpenAI's files and batches, below `base`."""
    return (
        Route(api, "POST", f"{base}/files", _FILES, Form.MULTIPART),
        Route(api, "GET", f"{base}/files", PassThrough("openai.file_list")),
        Route(api, "GET", f"{base}/files/{{id}}", PassThrough("openai.file")),
        Route(api, "DELETE", f"{base}/files/{{id}}", PassThrough("openai.file")),
        Route(api, "GET", f"{base}/files/{{id}}/content", PassThrough("openai.file_content", OpenAIFileAnswer)),
        Route(api, "POST", f"{base}/batches", _BATCHES),
        Route(api, "GET", f"{base}/batches", PassThrough("openai.batch_list")),
        Route(api, "GET", f"{base}/batches/{{id}}", PassThrough("openai.batch")),
        Route(api, "POST", f"{base}/batches/{{id}}/cancel", PassThrough("openai.batch")),
        Route(api, "POST", f"{base}/uploads", _UPLOADS),
        Route(api, "POST", f"{base}/uploads/{{id}}/parts", _UPLOADS, Form.MULTIPART),
        Route(api, "POST", f"{base}/uploads/{{id}}/complete", _UPLOADS),
    )


_OPENAI = (
    Route("openai", "POST", "/v1/chat/completions", _CHAT),
    Route("openai", "POST", "/v1/responses", _RESPONSES),
    Route("openai", "POST", "/v1/completions", _COMPLETIONS),
    Route("openai", "POST", "/v1/embeddings", _EMBEDDINGS),
    Route("openai", "POST", "/v1/moderations", OpenAIModerations()),
    Route("openai", "POST", "/v1/images/generations", OpenAIImages()),
    Route("openai", "POST", "/v1/images/edits", OpenAIImageForm("openai.image_edits"), Form.MULTIPART),
    Route("openai", "POST", "/v1/images/variations", OpenAIImageForm("openai.image_variations"), Form.MULTIPART),
    Route("openai", "POST", "/v1/audio/speech", OpenAISpeech()),
    Route("openai", "POST", "/v1/audio/transcriptions", OpenAITranscription("openai.transcriptions"), Form.MULTIPART),
    Route("openai", "POST", "/v1/audio/translations", OpenAITranscription("openai.translations"), Form.MULTIPART),
    Route("openai", "GET", "/v1/responses/{id}", PassThrough("openai.response", OpenAIResponsesAnswer)),
    Route("openai", "DELETE", "/v1/responses/{id}", PassThrough("openai.response_deleted")),
    Route("openai", "POST", "/v1/responses/{id}/cancel", PassThrough("openai.response", OpenAIResponsesAnswer)),
    Route("openai", "GET", "/v1/responses/{id}/input_items", PassThrough("openai.response_items")),
    *_files("openai", "/v1"),
    Route("openai", "GET", "/v1/models", PassThrough("openai.models")),
    Route("openai", "GET", "/v1/models/{model}", PassThrough("openai.models")),
)

_AZURE = (
    Route("azure_openai", "POST", f"{_DEPLOYMENT}/chat/completions", AzureDeployment(_CHAT)),
    Route("azure_openai", "POST", f"{_DEPLOYMENT}/completions", AzureDeployment(_COMPLETIONS)),
    Route("azure_openai", "POST", f"{_DEPLOYMENT}/embeddings", AzureDeployment(_EMBEDDINGS)),
    Route("azure_openai", "POST", "/openai/responses", _RESPONSES),
    Route("azure_openai", "POST", "/openai/v1/chat/completions", _CHAT),
    Route("azure_openai", "POST", "/openai/v1/completions", _COMPLETIONS),
    Route("azure_openai", "POST", "/openai/v1/embeddings", _EMBEDDINGS),
    Route("azure_openai", "POST", "/openai/v1/responses", _RESPONSES),
    *_files("azure_openai", "/openai"),
    *_files("azure_openai", "/openai/v1"),
    Route("azure_openai", "GET", "/openai/models", PassThrough("azure_openai.models")),
    Route("azure_openai", "GET", "/openai/models/{model}", PassThrough("azure_openai.models")),
    Route("azure_openai", "GET", "/openai/v1/models", PassThrough("azure_openai.models")),
    Route("azure_openai", "GET", "/openai/v1/models/{model}", PassThrough("azure_openai.models")),
)

_ANTHROPIC = (
    Route("anthropic", "POST", "/v1/messages", AnthropicMessages()),
    Route("anthropic", "POST", "/v1/messages/count_tokens", AnthropicMessages("anthropic.count_tokens")),
    Route("anthropic", "POST", "/v1/messages/batches", AnthropicBatches()),
    Route("anthropic", "GET", "/v1/messages/batches", PassThrough("anthropic.batch_list")),
    Route("anthropic", "GET", "/v1/messages/batches/{id}", PassThrough("anthropic.batch")),
    Route("anthropic", "DELETE", "/v1/messages/batches/{id}", PassThrough("anthropic.batch")),
    Route("anthropic", "POST", "/v1/messages/batches/{id}/cancel", PassThrough("anthropic.batch")),
    Route("anthropic", "GET", "/v1/messages/batches/{id}/results", PassThrough("anthropic.batch_results", results)),
    Route("anthropic", "GET", "/v1/models", PassThrough("anthropic.models")),
    Route("anthropic", "GET", "/v1/models/{model}", PassThrough("anthropic.models")),
)

_GOOGLE = (
    ("generateContent", GeminiGenerate()),
    ("streamGenerateContent", GeminiGenerate("gemini.stream_generate_content", streamed=True)),
    ("countTokens", GeminiCount()),
    ("embedContent", GeminiEmbed()),
    ("batchEmbedContents", GeminiEmbed("gemini.batch_embed_contents", batch=True)),
)
_GEMINI_MODELS = tuple(f"/{version}/{kind}" for version in ("v1beta", "v1") for kind in ("models", "tunedModels"))
_VERTEX_MODELS = tuple(
    f"/{version}{place}/publishers/google/models"
    for version in ("v1beta1", "v1")
    for place in ("/projects/{google_name}/locations/{google_name}", "")
)

_GEMINI = (
    *(
        Route("gemini", "POST", f"{models}/{{google_name}}{{colon}}{verb}", codec)
        for models in _GEMINI_MODELS
        for verb, codec in _GOOGLE
    ),
    *(Route("gemini", "GET", models, PassThrough("gemini.models")) for models in _GEMINI_MODELS),
    *(Route("gemini", "GET", f"{models}/{{google_name}}", PassThrough("gemini.models")) for models in _GEMINI_MODELS),
)

_VERTEX = (
    *(
        Route("vertex", "POST", f"{models}/{{google_name}}{{colon}}{verb}", codec)
        for models in _VERTEX_MODELS
        for verb, codec in _GOOGLE
    ),
    *(Route("vertex", "GET", f"{models}/{{google_name}}", PassThrough("vertex.models")) for models in _VERTEX_MODELS),
)

_OLLAMA = (
    Route("ollama", "POST", "/api/chat", OllamaChat()),
    Route("ollama", "POST", "/api/generate", OllamaGenerate()),
    Route("ollama", "POST", "/api/embed", OllamaEmbed("ollama.embed", "input")),
    Route("ollama", "POST", "/api/embeddings", OllamaEmbed("ollama.embeddings", "prompt")),
    Route("ollama", "GET", "/api/tags", PassThrough("ollama.models")),
    Route("ollama", "GET", "/api/ps", PassThrough("ollama.models")),
    Route("ollama", "GET", "/api/version", PassThrough("ollama.version")),
    Route("ollama", "POST", "/v1/chat/completions", _CHAT),
    Route("ollama", "POST", "/v1/completions", _COMPLETIONS),
    Route("ollama", "POST", "/v1/embeddings", _EMBEDDINGS),
    Route("ollama", "POST", "/v1/responses", _RESPONSES),
    Route("ollama", "GET", "/v1/models", PassThrough("ollama.models")),
    Route("ollama", "GET", "/v1/models/{model}", PassThrough("ollama.models")),
)

_MISTRAL = (
    Route("mistral", "POST", "/v1/chat/completions", MistralChat()),
    Route("mistral", "POST", "/v1/fim/completions", MistralFim()),
    Route("mistral", "POST", "/v1/embeddings", MistralEmbeddings()),
    Route("mistral", "GET", "/v1/models", PassThrough("mistral.models")),
    Route("mistral", "GET", "/v1/models/{model}", PassThrough("mistral.models")),
)

_COHERE = (
    Route("cohere", "POST", "/v2/chat", CohereChat()),
    Route("cohere", "POST", "/v2/embed", CohereEmbed()),
    Route("cohere", "POST", "/v2/rerank", CohereRerank()),
    Route("cohere", "GET", "/v1/models", PassThrough("cohere.models")),
    Route("cohere", "GET", "/v1/models/{model}", PassThrough("cohere.models")),
)

_CONVERSE = BedrockConverse()
_INVOKE = BedrockInvoke()

_BEDROCK = (
    Route("bedrock", "POST", "/model/{bedrock_model}/converse", _CONVERSE),
    Route("bedrock", "POST", "/model/{bedrock_model}/converse-stream", _CONVERSE),
    Route("bedrock", "POST", "/model/{bedrock_model}/invoke", _INVOKE, Form.JSON_UNSAID),
    Route("bedrock", "POST", "/model/{bedrock_model}/invoke-with-response-stream", _INVOKE, Form.JSON_UNSAID),
    Route("bedrock", "POST", "/model/{bedrock_model}/count-tokens", BedrockTokens()),
)

_MCP = (
    Route("mcp", "POST", "/{endpoint}", Mcp()),
    Route("mcp", "GET", "/{endpoint}", PassThrough("mcp.stream", McpAnswer)),
    Route("mcp", "DELETE", "/{endpoint}", PassThrough("mcp.session", McpAnswer)),
)

_GENERIC = tuple(Route("generic", method, "/{endpoint}", Generic()) for method in ("POST", "PUT", "PATCH"))

ROUTES: tuple[Route, ...] = (
    *(*_OPENAI, *_AZURE, *_ANTHROPIC, *_BEDROCK, *_MCP),
    *(*_GEMINI, *_VERTEX, *_OLLAMA, *_MISTRAL, *_COHERE, *_GENERIC),
)
