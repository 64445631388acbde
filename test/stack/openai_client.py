"""OpenAI's Python client against a gateway: prints what it saw as one JSON object.

    python openai_client.py BASE_URL API_KEY MODEL RESPONSES_MODEL
"""

import json
import sys
import time
import uuid

import httpx
import openai

base_url, api_key, model, responses_model = sys.argv[1:]

# A lookup takes some milliseconds, storing hardly more.
MAX_LOOKUPS = 200

# Every exchange with the gateway, retries included.
sent: list[dict] = []


def watch_request(request: httpx.Request) -> None:
    sent.append({"request": request, "at": time.monotonic()})


def watch_response(response: httpx.Response) -> None:
    sent[-1] |= {"response": response, "answered_at": time.monotonic()}


def client(key: str) -> openai.OpenAI:
    hooks = {"request": [watch_request], "response": [watch_response]}
    return openai.OpenAI(
        base_url=base_url,
        api_key=key,
        # These questions differ by a number only.
        default_headers={"x-cache-semantic": "off"},
        http_client=httpx.Client(event_hooks=hooks),
    )


ours = client(api_key)


def stored() -> None:
    """Returns when the cache alone can answer what was sent: answers are stored after their end."""
    for exchange in sent:
        request = exchange["request"]
        headers = dict(request.headers) | {"cache-control": "only-if-cached"}
        for _ in range(MAX_LOOKUPS):
            answer = httpx.post(request.url, headers=headers, content=request.content)
            if answer.is_success:
                break
        else:
            raise TimeoutError(f"Never stored: {request.content!r}")


def question(what: str = "Say something.") -> dict:
    """A question that nobody asked before."""
    messages = [{"role": "user", "content": f"{what} {uuid.uuid4()}"}]
    return {"model": model, "messages": messages}


def twice(ask) -> dict:
    """What one request gave from the model and from the cache, and what the gateway said of both."""
    sent.clear()
    asked = question()
    answers = []
    for _ in range(2):
        answers.append(ask(asked))
        outcomes = [exchange["response"].headers["x-cache"] for exchange in sent]
        stored()
    return {"outcomes": outcomes, "answers": answers}


def failure(ask) -> dict:
    """The class of the client's own error, what it tells, and how often the client asked."""
    sent.clear()
    try:
        ask()
    except openai.APIStatusError as error:
        facts = {"status": error.status_code, "code": error.code, "param": error.param}
        return {"class": type(error).__name__, "attempts": len(sent), **facts}
    return {"class": None}


def completion(asked: dict) -> dict:
    return ours.chat.completions.create(**asked).model_dump()


def stream(asked: dict, **more) -> list[dict]:
    chunks = ours.chat.completions.create(**asked, **more, stream=True)
    return [chunk.model_dump() for chunk in chunks]


TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def calls(completion) -> list[dict]:
    """The calls in an answer, without what depends on who accumulated them."""
    [choice] = completion.choices
    assert choice.finish_reason == "tool_calls", choice.finish_reason
    return [
        {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
        for call in choice.message.tool_calls
    ]


def streamed_calls(asked: dict) -> list[dict]:
    with ours.chat.completions.stream(**asked, tools=[TOOL]) as events:
        return calls(events.get_final_completion())


def plain_calls(asked: dict) -> list[dict]:
    return calls(ours.chat.completions.create(**asked, tools=[TOOL]))


def response(asked: dict) -> dict:
    return ours.responses.create(**asked).model_dump(exclude_none=True)


def streamed_response(asked: dict) -> dict:
    with ours.responses.stream(**asked) as events:
        return events.get_final_response().model_dump(exclude_none=True)


def responses(*asks, **more) -> dict:
    """What the same request of the Responses API gave each time, in the modes that were asked for."""
    sent.clear()
    asked = {"model": responses_model, "input": f"Say something. {uuid.uuid4()}", "store": False}
    answers = []
    for ask in asks:
        answers.append(ask(asked | more))
        outcomes = [exchange["response"].headers["x-cache"] for exchange in sent]
        stored()
    return {"outcomes": outcomes, "answers": answers}


FUNCTION = {"type": "function", "strict": False, **TOOL["function"]}


def retried() -> dict:
    """A 429 that the provider lifts for the second attempt; LiteLLM would make that by itself."""
    sent.clear()
    asked = question("Be limited once.")
    answer = ours.chat.completions.create(**asked, extra_body={"num_retries": 0})
    first, second = sent
    return {
        "statuses": [exchange["response"].status_code for exchange in sent],
        "waited_ms": (second["at"] - first["answered_at"]) * 1000,
        "text": answer.choices[0].message.content,
    }


def only_if_cached() -> None:
    ours.chat.completions.create(**question(), extra_headers={"cache-control": "only-if-cached"})


seen = {
    "model": ours.models.retrieve("local-chat-model").model_dump(),
    "models": [listed.id for listed in ours.models.list()],
    "completion": twice(completion),
    "with_usage": twice(lambda asked: stream(asked, stream_options={"include_usage": True})),
    "without_usage": twice(stream),
    "plain_calls": twice(plain_calls),
    "streamed_calls": twice(streamed_calls),
    "response": responses(response, response, streamed_response),
    "streamed_response": responses(streamed_response, streamed_response, response),
    "response_calls": responses(streamed_response, response, tools=[FUNCTION]),
    "wrong_key": failure(lambda: client("sk-wrong").chat.completions.create(**question())),
    "no_model": failure(lambda: ours.models.retrieve("vendor/no:such")),
    "no_route": failure(ours.files.list),
    "bad_request": failure(lambda: completion(question() | {"model": ""})),
    "not_in_cache": failure(only_if_cached),
    "retried": retried(),
}
print(json.dumps(seen))
