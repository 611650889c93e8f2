"""Hosts that serve large language models to the public: the one list.

A connection to one of them that does not come through the proxy is refused, for nobody has read what is in it.
Names are in lower case; a `*` stands for one or more characters, dots too. A new provider is a new line.
No such list is whole: it serves those who let an application go anywhere but to a model. Who wants more names what is
allowed, and everything else is refused.
"""

LLM_HOSTS = (
    # OpenAI
    *("api.openai.com", "*.api.openai.com", "chat.openai.com", "chatgpt.com", "*.chatgpt.com"),
    # Anthropic
    *("api.anthropic.com", "*.api.anthropic.com", "api.claude.com", "claude.ai", "*.claude.ai"),
    # Microsoft
    *("*.openai.azure.com", "*.openai.azure.us", "*.openai.azure.cn", "*.services.ai.azure.com"),
    *("*.inference.ai.azure.com", "*.models.ai.azure.com", "*.inference.ml.azure.com"),
    *("*.cognitiveservices.azure.com", "*.cognitiveservices.azure.us", "*.api.cognitive.microsoft.com"),
    *("models.github.ai", "*.githubcopilot.com"),
    # Google
    *("generativelanguage.googleapis.com", "*.generativelanguage.googleapis.com", "aiplatform.googleapis.com"),
    *("*-aiplatform.googleapis.com", "aiplatform.*.rep.googleapis.com", "aiplatform*.p.googleapis.com"),
    *("cloudcode-pa.googleapis.com", "gemini.google.com", "aistudio.google.com"),
    # Amazon
    *("bedrock*.amazonaws.com", "*.bedrock*.amazonaws.com", "bedrock*.amazonaws.com.cn", "bedrock*.api.aws"),
    *("runtime.sagemaker.*.amazonaws.com", "runtime-fips.sagemaker.*.amazonaws.com", "runtime.sagemaker.*.api.aws"),
    # Providers of their own models
    *("api.mistral.ai", "*.mistral.ai", "api.cohere.com", "api.cohere.ai", "api.ai21.com", "api.x.ai", "*.api.x.ai"),
    *("api.deepseek.com", "api.perplexity.ai", "api.reka.ai", "api.writer.com", "api.upstage.ai", "api.voyageai.com"),
    *("dashscope.aliyuncs.com", "dashscope-*.aliyuncs.com", "api.moonshot.cn", "api.moonshot.ai", "open.bigmodel.cn"),
    *("api.z.ai", "qianfan.baidubce.com", "aip.baidubce.com", "ark.*.volces.com", "hunyuan.tencentcloudapi.com"),
    *("api.hunyuan.cloud.tencent.com", "api.minimax.chat", "api.minimaxi.com", "api.minimax.io", "api.lingyiwanwu.com"),
    *("api.stepfun.com", "api.baichuan-ai.com"),
    # Hosts of other people's models
    *("api.groq.com", "api.together.xyz", "api.together.ai", "api.fireworks.ai", "api.cerebras.ai"),
    *("api.sambanova.ai", "api.deepinfra.com", "integrate.api.nvidia.com", "*.api.nvidia.com", "api.replicate.com"),
    *("api-inference.huggingface.co", "router.huggingface.co", "*.endpoints.huggingface.cloud", "api.siliconflow.cn"),
    *("api.siliconflow.com", "api.novita.ai", "api.hyperbolic.xyz", "api.studio.nebius.ai", "api.studio.nebius.com"),
    *("api.tokenfactory.nebius.com", "inference.baseten.co", "*.api.baseten.co", "api.endpoints.anyscale.com"),
    *("api.lambda.ai", "api.lambdalabs.com", "llm.chutes.ai", "api.runpod.ai", "api.scaleway.ai", "ollama.com"),
    *("*.endpoints.kepler.ai.cloud.ovh.net", "inference.generativeai.*.oci.oraclecloud.com", "*.ml.cloud.ibm.com"),
    # Gateways to all of them
    *("openrouter.ai", "*.openrouter.ai", "gateway.ai.cloudflare.com", "ai-gateway.vercel.sh", "api.portkey.ai"),
    *("*.helicone.ai", "api.aimlapi.com", "api.poe.com", "api.requesty.ai", "*.requesty.ai"),
    # The name that hides the others where the client's first message is encrypted (ECH), as Cloudflare publishes it
    "cloudflare-ech.com",
)
