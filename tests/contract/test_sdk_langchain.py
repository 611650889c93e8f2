"""LangChain on top of the SDKs, through the real Envoy and the real service: what an application holds is the same."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import openai
import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import BaseMessage
from langchain_openai import ChatOpenAI
from tests.contract.test_answers import Sidecar
from tests.contract.test_sdk_answers import (
    CUT,
    KEY,
    REFUSED,
    SECRET,
    Way,
    around,
    sidecar,
    steps_of,
    through,
)
from tests.tools.answer_cases import CASES, Case

__all__ = ["sidecar"]

# pydantic, of answers that are newer than the SDKs' types; LangChain, of tools that it does not expect
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

Chat = ChatOpenAI | ChatAnthropic
Model = Callable[[Way], Chat]


def _openai(way: Way) -> Chat:
    return ChatOpenAI(model="gpt-4o", api_key=KEY, base_url=way.openai, max_retries=0)  # type: ignore[arg-type]  # a plain text is taken


def _responses(way: Way) -> Chat:
    return ChatOpenAI(model="gpt-4.1", api_key=KEY, base_url=way.openai, max_retries=0, use_responses_api=True)  # type: ignore[arg-type]  # as above


def _anthropic(way: Way) -> Chat:
    return ChatAnthropic(model_name="claude-sonnet-5", api_key=KEY, base_url=way.anthropic, max_retries=0)  # type: ignore[call-arg,arg-type]  # as above


MODELS: dict[str, Model] = {
    "openai.chat": _openai,
    "openai.responses": _responses,
    "anthropic.messages": _anthropic,
}


def held(message: BaseMessage) -> dict[str, Any]:
    """What is in an application's hands, less the number of the run, which LangChain makes up."""
    return {
        name: value for name, value in message.model_dump().items() if name != "id" or not value.startswith("lc_run")
    }


FAULTS = (openai.APIError, anthropic.APIError, AttributeError, TypeError, ValueError)
"""What the SDKs raise, and LangChain's own readers, which trip over some answers: that too must be the same."""


def seen(model: Chat, case: Case) -> list[Any]:
    found: list[Any] = []
    try:
        for piece in model.stream("Hello") if case.stream else [model.invoke("Hello")]:
            found.append(held(piece))
    except FAULTS as error:
        found.append((type(error).__name__, str(error)))
    return found


async def seen_async(model: Chat, case: Case) -> list[Any]:
    found: list[Any] = []
    try:
        if case.stream:
            async for piece in model.astream("Hello"):
                found.append(held(piece))
        else:
            found.append(held(await model.ainvoke("Hello")))
    except FAULTS as error:
        found.append((type(error).__name__, str(error)))
    return found


@pytest.fixture(scope="module")
def runner(sidecar: Sidecar) -> Iterator[asyncio.Runner]:
    """One loop for all calls: LangChain keeps its HTTP clients, by address, until the process ends."""
    with asyncio.Runner() as runner:
        yield runner
        for make in MODELS.values():
            for way in (around(sidecar), through(sidecar)):
                runner.run(_close(make(way)))


async def _close(model: Chat) -> None:
    if isinstance(model, ChatOpenAI):
        model.root_client.close()
        await model.root_async_client.close()
    else:
        model._client.close()
        await model._async_client.close()


EVERY = [
    (f"{api}/{name}", case) for api, cases in CASES.items() for name, case in cases.items() if case.surface in MODELS
]


@pytest.mark.parametrize(("name", "case"), EVERY, ids=[name for name, _ in EVERY])
def test_an_application_holds_the_same_with_firebreak_and_without(
    sidecar: Sidecar, runner: asyncio.Runner, name: str, case: Case
) -> None:
    sidecar.upstream.play(steps_of(case))
    model = MODELS[case.surface]
    direct = seen(model(around(sidecar)), case)
    assert direct
    assert seen(model(through(sidecar)), case) == direct
    assert runner.run(seen_async(model(through(sidecar)), case)) == direct


STREAMS = {name: case for name, case in CUT.items() if case.surface in MODELS}


@pytest.mark.parametrize("name", list(STREAMS))
def test_a_cut_stream_ends_with_the_sdks_own_error(sidecar: Sidecar, name: str) -> None:
    case = STREAMS[name]
    sidecar.upstream.play(steps_of(case))
    *pieces, (kind, said) = seen(MODELS[case.surface](through(sidecar)), case)
    assert kind in ("APIError", "APIStatusError")
    assert "Response blocked by policy: no-keys" in said
    assert "The" in str(pieces)
    assert SECRET[:4] not in str(pieces)


WHOLE = {name: case for name, case in REFUSED.items() if case.surface in MODELS}


@pytest.mark.parametrize("name", list(WHOLE))
def test_a_refused_answer_raises_the_sdks_own_error(sidecar: Sidecar, name: str) -> None:
    case = WHOLE[name]
    sidecar.upstream.play(steps_of(case))
    with pytest.raises((openai.BadRequestError, anthropic.BadRequestError), match="no-keys"):
        MODELS[case.surface](through(sidecar)).invoke("Hello")
