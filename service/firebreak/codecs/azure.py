"""Azure OpenAI: the OpenAI formats under paths that name a deployment, which is the model."""

from typing import Protocol

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.fields import Members, body_of
from firebreak.model.conversation import Conversation
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_PREFIX = "/openai/deployments/"


class DeployedCodec(Protocol):
    """An OpenAI codec that can be told which model the path names."""

    surface: str

    def read_body(self, body: Members, deployment: str = "") -> Conversation: ...

    def answer(self) -> AnswerReader: ...

    def refuse(self, refusal: Refusal) -> Rendered: ...


class AzureDeployment:
    """Reads `/openai/deployments/{deployment}/...` by the codec of the same API."""

    def __init__(self, codec: DeployedCodec) -> None:
        self.surface = codec.surface
        self._codec = codec

    def read(self, exchange: Exchange) -> Conversation:
        deployment = exchange.path.removeprefix(_PREFIX).partition("/")[0]
        return self._codec.read_body(body_of(exchange.body), deployment)

    def answer(self) -> AnswerReader:
        return self._codec.answer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return self._codec.refuse(refusal)
