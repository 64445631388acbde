"""LangChain for Python: `python langchain_calls.py {openai,anthropic} URL KEY`."""

import sys
from collections.abc import Iterator

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel
from session import HEADERS, collect, refusal, serve, weather_in

vendor, url, key = sys.argv[1:]


class Report(BaseModel):
    """The weather in a city."""

    city: str
    celsius: float


def connect(api_key: str, **more):
    if vendor == "anthropic":
        model = "anthropic/claude-scripted"
        return ChatAnthropic(
            model=model, base_url=url, api_key=api_key, default_headers=HEADERS, **more
        )
    common = {"base_url": f"{url}/v1", "default_headers": HEADERS}
    return ChatOpenAI(model="openai/scripted", api_key=api_key, **common, **more)


chat_model = connect(key)


def chat(asked: str) -> dict:
    answer = chat_model.invoke(asked)
    # The run's id is LangChain's own, new each time.
    return {"text": answer.text, "whole": answer.model_dump(exclude={"id"})}


def pieces(asked: str) -> Iterator[str]:
    for chunk in chat_model.stream(asked):
        yield chunk.text


def tools(asked: str) -> dict:
    cities = []

    @tool
    def weather(city: str) -> str:
        """Tells the weather in a city."""
        cities.append(city)
        return weather_in(city)

    bound = chat_model.bind_tools([weather])
    messages: list[BaseMessage] = [HumanMessage(asked)]
    first = bound.invoke(messages)
    messages.append(first)
    messages += [weather.invoke(call) for call in first.tool_calls]
    return {"text": bound.invoke(messages).text, "cities": cities}


def structured(asked: str) -> dict:
    return chat_model.with_structured_output(Report).invoke(asked).model_dump()


def headers(asked: str) -> dict:
    answer = connect(key, include_response_headers=True).invoke(asked)
    return answer.response_metadata["headers"]


def abort(asked: str) -> dict:
    """Closes the generator after its first text."""
    stream = pieces(asked)
    text = ""
    for piece in stream:
        text += piece
        if text:
            break
    stream.close()
    return {"text": text, "raised": []}


calls = {
    "chat": chat,
    "stream": lambda asked: collect(pieces(asked)),
    "tools": tools,
    "structured": structured,
    "wrongKey": lambda asked: refusal(lambda: connect(asked).invoke(asked)),
    "badRequest": lambda asked: refusal(lambda: chat(asked)),
    "abort": abort,
}
if vendor == "openai":
    vectors = OpenAIEmbeddings(
        model="openai/scripted",
        base_url=f"{url}/v1",
        api_key=key,
        default_headers=HEADERS,
        # Otherwise it counts tokens itself, with files that it loads from the network.
        check_embedding_ctx_length=False,
    )
    calls["embeddings"] = lambda asked: vectors.embed_documents([asked, "And this."])
    calls["headers"] = headers
serve(calls)
