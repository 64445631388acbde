"""The local judge of semantic hits, as a decision model: `python judge.py --port 8082`.

For local use, and mostly for English; do not use it in production. It speaks the System
One format that LiteLLM sends to a `hosted_vllm` decision model. Of a pair of texts, given as the
JSON text `{"a": "…", "b": "…"}`, it answers three questions, known by their names; their
instructions are ignored:

* `a_answers_b`: whether the complete answer to a is completely right for b.
* `b_answers_a`: the other way round.
* `addresses_judge`: whether a text addresses a judge. Always 0: it follows no instructions.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cross_encoder import ADAPTER, CrossEncoder

MODEL = "semantic-judge"
# LiteLLM's health check asks this question. Only getting an answer matters.
HEALTH_CHECK = "reachable"
ANSWERS_EACH_OTHER = ("a_answers_b", "b_answers_a")
ADDRESSES_JUDGE = "addresses_judge"
PREDICATES = (*ANSWERS_EACH_OTHER, ADDRESSES_JUDGE)


def pair_of(state: Any) -> tuple[str, str]:
    """The two texts of a request's state; raises a ValueError if it is invalid."""
    try:
        pair = json.loads(state) if isinstance(state, str) else state
    except ValueError:
        pair = None
    if isinstance(pair, dict) and isinstance(pair.get("a"), str) and isinstance(pair.get("b"), str):
        return pair["a"], pair["b"]
    raise ValueError('\'state\' must be the JSON text {"a": "…", "b": "…"}')


def questions_of(body: Any) -> dict[str, dict[str, Any]]:
    """The questions of a request by name; raises a ValueError for an unknown name or type."""
    questions = body.get("questions") if isinstance(body, dict) else None
    if not isinstance(questions, dict) or not questions:
        raise ValueError("'questions' must be an object with at least one question")
    for name, question in questions.items():
        if not isinstance(question, dict):
            raise ValueError(f"the question '{name}' must be an object")
        if name == HEALTH_CHECK:
            continue
        if name not in PREDICATES:
            raise ValueError(f"no question '{name}': this model knows {', '.join(PREDICATES)}")
        if question.get("type") != "noul":
            raise ValueError(f"the question '{name}' must be of type 'noul'")
    return questions


def reachable(question: dict[str, Any]) -> dict[str, Any]:
    """The answer to the health check: its first choice, or yes."""
    if question.get("type") != "choice":
        return {"type": "noul", "noul": 1.0}
    choices = list(question.get("criteria") or {"yes": None})
    probabilities = {choice: float(choice == choices[0]) for choice in choices}
    return {
        "type": "choice",
        "choice": choices[0],
        "confidence": 1.0,
        "probabilities": probabilities,
    }


def judge(model: CrossEncoder, body: Any) -> dict[str, Any]:
    """The answers to one request, in the order of its questions."""
    questions = questions_of(body)
    answers: dict[str, Any] = {}
    orders: dict[str, tuple[str, str]] = {}
    if any(name in PREDICATES for name in questions):
        a, b = pair_of(body.get("state"))
        both = {"a_answers_b": (a, b), "b_answers_a": (b, a)}
        orders = {name: pair for name, pair in both.items() if name in questions}
    scores = dict(zip(orders, model.probabilities(list(orders.values())), strict=True))
    for name, question in questions.items():
        if name == HEALTH_CHECK:
            answers[name] = reachable(question)
        else:
            answers[name] = {"type": "noul", "noul": scores.get(name, 0.0)}
    tokens = sum(model.tokens(pair) for pair in orders.values())
    return {
        "model": body.get("model") or MODEL,
        "answers": answers,
        "usage": {"input_tokens": tokens, "output_tokens": 0},
    }


async def system_one(request: Request) -> Response:
    """`POST /v1/systemone`."""
    try:
        body = await request.json()
        answer = await run_in_threadpool(judge, request.app.state.model, body)
    except ValueError as error:  # a JSON error is one too
        detail = {"message": str(error), "type": "invalid_request_error", "code": None}
        return JSONResponse({"error": detail}, 400)
    return JSONResponse(answer)


async def models(request: Request) -> Response:
    """`GET /v1/models`."""
    entry = {"id": MODEL, "object": "model", "owned_by": "local"}
    return JSONResponse({"object": "list", "data": [entry]})


async def health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--adapter", type=Path, default=ADAPTER, help="of infra/judge-train")
    arguments = parser.parse_args()
    app = Starlette(
        routes=[
            Route("/v1/systemone", system_one, methods=["POST"]),
            Route("/v1/models", models),
            Route("/health", health),
        ]
    )
    app.state.model = CrossEncoder(arguments.adapter)
    uvicorn.run(app, host="127.0.0.1", port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()
