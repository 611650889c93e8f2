"""Vendors of models and of their tooling, one or two keys each."""

from firebreak.detect.secrets.form import hexes, letters, named, token, uuid

RULES = (
    token(
        "huggingface-token",
        r"(?:hf_[A-Za-z0-9]{30,40}|api_org_[A-Za-z0-9]{34})\b",
        "Hugging Face token of a user or an organisation",
        ("hf_" + letters(34), "api_org_" + letters(34)),
        ("hf_" + letters(12), "hf_hub_download_with_a_long_name"),
    ),
    token("replicate-token", r"r8_[A-Za-z0-9]{37,40}\b", "Replicate token", ("r8_" + letters(37),), ("r8_abc",)),
    token("groq-api-key", r"gsk_[A-Za-z0-9]{48,56}\b", "Groq key", ("gsk_" + letters(52),), ("gsk_abc",)),
    token("xai-api-key", r"xai-[A-Za-z0-9]{70,90}\b", "xAI key", ("xai-" + letters(80),), ("xai-sdk-python",)),
    token("perplexity-api-key", r"pplx-[A-Za-z0-9]{40,60}\b", "Perplexity key", ("pplx-" + letters(48),), ("pplx-7b",)),
    token("fireworks-api-key", r"fw_[A-Za-z0-9]{20,30}\b", "Fireworks key", ("fw_" + letters(24),), ("fw_version",)),
    token("nvidia-api-key", r"nvapi-[A-Za-z0-9_-]{60,70}", "NVIDIA key", ("nvapi-" + letters(64),), ("nvapi-docs",)),
    token(
        "langsmith-api-key",
        r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b",
        "LangSmith key",
        ("lsv2_pt_" + hexes(32) + "_" + hexes(10),),
        ("lsv2_pt_abc",),
    ),
    token(
        "pinecone-api-key",
        r"pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,70}\b",
        "Pinecone key",
        ("pcsk_" + letters(6) + "_" + letters(63),),
        ("pcsk_abc",),
    ),
    named(
        "cohere-api-key",
        r"cohere|\bco_api_key",
        r"[A-Za-z0-9]{40}",
        "Cohere key beside its name",
        ("COHERE_API_KEY=" + letters(40),),
        ("COHERE_API_KEY=" + letters(20),),
    ),
    named(
        "mistral-api-key",
        r"mistral",
        r"[A-Za-z0-9]{32}",
        "Mistral key beside its name",
        ("MISTRAL_API_KEY=" + letters(32),),
        ("MISTRAL_MODEL=mistral-large-latest",),
    ),
    named(
        "ai-vendor-api-key",
        r"(?:deepseek|together|ai21|stability|elevenlabs|assemblyai|deepgram|weaviate|qdrant|tavily|wandb)",
        r"[A-Za-z0-9_-]{32,90}|[0-9a-f-]{36}",
        "Key of another AI vendor beside its name",
        ("WANDB_API_KEY=" + hexes(40), "TOGETHER_API_KEY=" + hexes(64), "weaviate_api_key: " + uuid()),
        ("TAVILY_API_KEY=tvly-...",),
    ),
)
