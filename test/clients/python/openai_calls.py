"""OpenAI's SDK for Python: `python openai_calls.py {chat,responses,completions} URL KEY`."""

import json
import sys

from openai import OpenAI
from openai.types.chat import ChatCompletionMessage
from pydantic import BaseModel
from session import HEADERS, collect, refusal, serve, weather_in

api, url, key = sys.argv[1:]
client = OpenAI(base_url=f"{url}/v1", api_key=key, default_headers=HEADERS)
MODEL = "openai/scripted"
# One that LiteLLM knows: for any other it requests the whole answer and makes a stream of it.
RESPONSES_MODEL = "openai/gpt-5-mini"


class Report(BaseModel):
    city: str
    celsius: float


PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER = {
    "name": "weather",
    "description": "Tells the weather in a city.",
    "parameters": PARAMETERS,
}


def embeddings(asked: str) -> list:
    answer = client.embeddings.create(model=MODEL, input=[asked, "And this."])
    return [one.embedding for one in answer.data]


def models(_: str) -> dict:
    ids = [one.id for one in client.models.list()]
    return {"ids": ids, "one": client.models.retrieve(ids[0]).id}


class Chat:
    """`client.chat.completions`."""

    def messages(self, asked: str) -> dict:
        return {"model": MODEL, "messages": [{"role": "user", "content": asked}]}

    def create(self, asked: str, by: OpenAI = client, **more):
        return by.chat.completions.create(**self.messages(asked), **more)

    def chat(self, asked: str) -> dict:
        answer = self.create(asked)
        return {"text": answer.choices[0].message.content, "whole": answer.model_dump()}

    def text_of(self, chunk) -> str:
        return chunk.choices[0].delta.content or "" if chunk.choices else ""

    def tools(self, asked: str) -> dict:
        tools = [{"type": "function", "function": WEATHER}]
        messages: list = self.messages(asked)["messages"]
        cities = []

        def step() -> ChatCompletionMessage:
            answer = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
            return answer.choices[0].message

        message = step()
        messages.append(message)
        for call in message.tool_calls or []:
            city = json.loads(call.function.arguments)["city"]
            cities.append(city)
            result = {"role": "tool", "tool_call_id": call.id, "content": weather_in(city)}
            messages.append(result)
        return {"text": step().content, "cities": cities}

    def structured(self, asked: str) -> dict:
        answer = client.chat.completions.parse(**self.messages(asked), response_format=Report)
        return answer.choices[0].message.parsed.model_dump()

    def headers(self, asked: str) -> dict:
        raw = client.chat.completions.with_raw_response.create(**self.messages(asked))
        return dict(raw.headers)


class Responses:
    """`client.responses`, without state."""

    def create(self, asked: str, by: OpenAI = client, **more):
        return by.responses.create(model=RESPONSES_MODEL, input=asked, store=False, **more)

    def chat(self, asked: str) -> dict:
        answer = self.create(asked)
        return {"text": answer.output_text, "whole": answer.model_dump()}

    def text_of(self, event) -> str:
        return event.delta if event.type == "response.output_text.delta" else ""

    def tools(self, asked: str) -> dict:
        common = {"model": RESPONSES_MODEL, "store": False, "tools": [{"type": "function", **WEATHER}]}
        inputs: list = [{"role": "user", "content": asked}]
        cities = []
        first = client.responses.create(input=inputs, **common)
        inputs += first.output
        for item in first.output:
            if item.type != "function_call":
                continue
            city = json.loads(item.arguments)["city"]
            cities.append(city)
            result = {"call_id": item.call_id, "output": weather_in(city)}
            inputs.append({"type": "function_call_output", **result})
        text = client.responses.create(input=inputs, **common).output_text
        return {"text": text, "cities": cities}

    def structured(self, asked: str) -> dict:
        answer = client.responses.parse(model=RESPONSES_MODEL, input=asked, store=False, text_format=Report)
        return answer.output_parsed.model_dump()

    def headers(self, asked: str) -> dict:
        raw = client.responses.with_raw_response.create(model=RESPONSES_MODEL, input=asked, store=False)
        return dict(raw.headers)


class Completions:
    """`client.completions`, the legacy API."""

    def create(self, asked: str, by: OpenAI = client, **more):
        return by.completions.create(model=MODEL, prompt=asked, **more)

    def chat(self, asked: str) -> dict:
        answer = self.create(asked)
        return {"text": answer.choices[0].text, "whole": answer.model_dump()}

    def text_of(self, chunk) -> str:
        return chunk.choices[0].text if chunk.choices else ""

    def headers(self, asked: str) -> dict:
        raw = client.completions.with_raw_response.create(model=MODEL, prompt=asked)
        return dict(raw.headers)


kind = {"chat": Chat, "responses": Responses, "completions": Completions}[api]()


def abort(asked: str) -> dict:
    """Closes the stream after its first text."""
    text = ""
    with kind.create(asked, stream=True) as stream:
        for event in stream:
            text += kind.text_of(event)
            if text:
                break
    return {"text": text, "raised": []}


calls = {
    "chat": kind.chat,
    "stream": lambda asked: collect(map(kind.text_of, kind.create(asked, stream=True))),
    "embeddings": embeddings,
    "models": models,
    "wrongKey": lambda asked: refusal(
        lambda: kind.create(asked, by=client.with_options(api_key=asked))
    ),
    "badRequest": lambda asked: refusal(lambda: kind.create(asked)),
    "headers": kind.headers,
    "abort": abort,
}
for name in ("tools", "structured"):
    if hasattr(kind, name):
        calls[name] = getattr(kind, name)
serve(calls)
