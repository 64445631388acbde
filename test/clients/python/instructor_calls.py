"""instructor on OpenAI's SDK for Python: `python instructor_calls.py URL KEY`."""

import sys

import instructor
from openai import DefaultHttpxClient, OpenAI
from pydantic import BaseModel
from session import HEADERS, refusal, serve

url, key = sys.argv[1:]


class Report(BaseModel):
    city: str
    celsius: float


def connect(api_key: str, **more) -> instructor.Instructor:
    base = {"base_url": f"{url}/v1", "default_headers": HEADERS}
    return instructor.from_openai(OpenAI(api_key=api_key, **base, **more))


client = connect(key)


def ask(asked: str, by: instructor.Instructor = client) -> Report:
    messages = [{"role": "user", "content": asked}]
    return by.chat.completions.create(
        model="openai/scripted", messages=messages, response_model=Report
    )


def headers(asked: str) -> dict:
    """instructor shows no headers; the HTTP client of the SDK below it does."""
    seen: dict = {}
    hooks = {"response": [lambda response: seen.update(response.headers)]}
    ask(asked, by=connect(key, http_client=DefaultHttpxClient(event_hooks=hooks)))
    return seen


serve(
    {
        "structured": lambda asked: ask(asked).model_dump(),
        "wrongKey": lambda asked: refusal(lambda: ask(asked, by=connect(asked))),
        "badRequest": lambda asked: refusal(lambda: ask(asked)),
        "headers": headers,
    }
)
