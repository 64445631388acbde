"""Anthropic's SDK for Python: `python anthropic_calls.py URL KEY`."""

import sys

from anthropic import Anthropic, beta_tool
from pydantic import BaseModel
from session import HEADERS, collect, refusal, serve, weather_in

url, key = sys.argv[1:]
client = Anthropic(base_url=url, api_key=key, default_headers=HEADERS)
MODEL = "anthropic/claude-scripted"


class Report(BaseModel):
    city: str
    celsius: float


def params(asked: str) -> dict:
    messages = [{"role": "user", "content": asked}]
    return {"model": MODEL, "max_tokens": 200, "messages": messages}


def text_of(message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def chat(asked: str) -> dict:
    answer = client.messages.create(**params(asked))
    return {"text": text_of(answer), "whole": answer.model_dump()}


def stream(asked: str) -> dict:
    with client.messages.stream(**params(asked)) as events:
        return collect(events.text_stream)


def tools(asked: str) -> dict:
    cities = []

    @beta_tool
    def weather(city: str) -> str:
        """Tells the weather in a city."""
        cities.append(city)
        return weather_in(city)

    # By default it keeps the conversation on the server, which LiteLLM does not support.
    runner = client.beta.messages.tool_runner(**params(asked), tools=[weather], thread=False)
    return {"text": text_of(runner.until_done()), "cities": cities}


def structured(asked: str) -> dict:
    answer = client.messages.parse(**params(asked), output_format=Report)
    return answer.parsed_output.model_dump()


def models(_: str) -> dict:
    ids = [one.id for one in client.models.list()]
    return {"ids": ids, "one": client.models.retrieve(ids[0]).id}


def abort(asked: str) -> dict:
    """Closes the stream after its first text."""
    text = ""
    with client.messages.stream(**params(asked)) as events:
        for piece in events.text_stream:
            text += piece
            break
    return {"text": text, "raised": []}


def wrong_key(asked: str) -> dict:
    stranger = client.with_options(api_key=asked)
    return refusal(lambda: stranger.messages.create(**params(asked)))


serve(
    {
        "chat": chat,
        "stream": stream,
        "tools": tools,
        "structured": structured,
        "models": models,
        "wrongKey": wrong_key,
        "badRequest": lambda asked: refusal(lambda: chat(asked)),
        "headers": lambda asked: dict(
            client.messages.with_raw_response.create(**params(asked)).headers
        ),
        "abort": abort,
    }
)
