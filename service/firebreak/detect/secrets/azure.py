"""Microsoft Azure: storage and service keys, client secrets, access signatures, DevOps tokens."""

from firebreak.detect.secrets.form import hexes, letters, named, token
from firebreak.model.finding import Severity

RULES = (
    token(
        "azure-account-key",
        r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{42,86}={0,2}",
        "Key in a connection string of Azure Storage, Service Bus, Event Hubs or Cosmos DB",
        (
            "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=" + letters(86) + "==;EndpointSuffix=x",
            "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=" + letters(43) + "=",
        ),
        ("AccountKey=<key>", "AccountKey=" + letters(20)),
    ),
    token(
        "azure-client-secret",
        r"[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}",
        "Client secret of a Microsoft Entra application",
        (letters(3) + "8Q~" + letters(34), "secret: " + letters(3) + "7Q~" + letters(31)),
        (letters(3) + "8Q~" + letters(10), letters(3) + "9Q~" + letters(34)),
    ),
    token(
        "azure-devops-token",
        r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b",
        "Azure DevOps personal access token",
        (letters(76) + "AZDO" + letters(4),),
        (letters(20) + "AZDO" + letters(4),),
        trigger="AZDO",
    ),
    token(
        "azure-ai-key",
        r"[A-Za-z0-9]{52}(?:JQQJ99|JQQJ9)[A-Za-z0-9]{4,30}AC[A-Za-z0-9]{4,24}\b",
        "Key of an Azure AI service, the 84-character form",
        (letters(52) + "JQQJ99" + letters(14) + "ACOG" + letters(4),),
        (letters(52) + "JQQJ99",),
        trigger="JQQJ9",
    ),
    named(
        "azure-openai-key",
        r"azure[_-]?openai|openai[_-]?azure|ocp-apim-subscription-key|azure[_-]?(?:cognitive|search|ai)",
        r"[0-9a-f]{32}|[A-Za-z0-9]{84}",
        "Azure OpenAI or Cognitive Services key beside its name",
        ("AZURE_OPENAI_API_KEY=" + hexes(32), "Ocp-Apim-Subscription-Key: " + hexes(32)),
        ("AZURE_OPENAI_ENDPOINT=https://acme.openai.azure.com",),
    ),
    token(
        "azure-sas-signature",
        r"sig=[A-Za-z0-9%+/]{42,60}(?:%3D|=)",
        "Signature in a shared access URL",
        ("https://acme.blob.core.windows.net/c?sv=2024-01-01&sig=" + letters(43) + "%3D",),
        ("sig=" + letters(10),),
        severity=Severity.HIGH,
        score=0.85,
    ),
)
