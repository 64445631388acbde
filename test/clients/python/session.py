"""Runs one client for the tests: a call per line of standard input, an answer per line of output.

A line is `{"id": 1, "call": "chat", "asked": "…"}`; its answer `{"id": 1, "value": …}` or
`{"id": 1, "error": "…"}`. Calls run in threads, because one of them may wait.
"""

import json
import sys
import threading
import traceback
from collections.abc import Callable, Iterable

# Sent by every client: the questions differ only in an id, so a semantic hit would match them.
HEADERS = {"x-cache-semantic": "off"}

Calls = dict[str, Callable[[str], object]]


def serve(calls: Calls) -> None:
    """Answers calls until standard input ends."""
    lock = threading.Lock()

    def answer(line: dict) -> None:
        try:
            result = {"value": calls[line["call"]](line["asked"])}
        except Exception:
            result = {"error": traceback.format_exc()}
        with lock:
            print(json.dumps({"id": line["id"], **result}), flush=True)

    for line in sys.stdin:
        threading.Thread(target=answer, args=[json.loads(line)]).start()


def weather_in(city: str) -> str:
    """The tool's result."""
    return f"It is sunny in {city}."


def collect(pieces: Iterable[str]) -> dict:
    """The text of a stream, and the number of its pieces."""
    with_text = [piece for piece in pieces if piece]
    return {"text": "".join(with_text), "pieces": len(with_text)}


def refusal(call: Callable[[], object]) -> dict:
    """The classes and the status of the error that a call raises."""
    try:
        call()
    except Exception as error:
        classes = [one.__name__ for one in type(error).__mro__]
        # instructor wraps the error of the SDK below it.
        cause = error.__cause__ if not hasattr(error, "status_code") else error
        return {"classes": classes, "status": getattr(cause, "status_code", None)}
    raise AssertionError("The call did not fail.")
