"""Entries as the gateway stores them, from seeded random numbers and the documentation."""

import hashlib
import json
import random
import re
import uuid
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
STORED_AT = 1_790_000_000_000
TTL_MS = 1_800_000
BODY_BYTES = 1_500


def point_id(number: int) -> uuid.UUID:
    """The id of an entry. Like the gateway's, it is an MD5."""
    return uuid.UUID(bytes=hashlib.md5(str(number).encode()).digest())


class Entries:
    """Makes entries whose answers are sentences of the documentation."""

    def __init__(self, seed: int = 1):
        self.random = random.Random(seed)
        pages = sorted((REPOSITORY / "docs").glob("*.md"))
        text = " ".join(page.read_text() for page in pages)
        self.sentences = [s for s in re.split(r"(?<=\.)\s+", text) if 20 < len(s) < 300]

    def payload(self, number: int) -> dict[str, Any]:
        """The payload of docs/caching.md ("Stored data"). Every second one can be an original."""
        stored_at = STORED_AT + number
        answer_id = f"chatcmpl-{self.random.getrandbits(128):032x}"
        original = {"answer_id": answer_id, "question": self.text(100), "scope": "exact"}
        return {
            "v": 1,
            "proof": hashlib.sha256(str(number).encode()).hexdigest(),
            "tenant": f"{number % 100:064x}",
            "path": "/v1/chat/completions",
            "model": f"openai/model-{number % 5}",
            "namespace": "",
            "tags": [f"release-{number % 20}"] if number % 4 == 0 else [],
            "stored_at": stored_at,
            "expires_at": stored_at + TTL_MS,
            "status": 200,
            "content_type": "application/json",
            "mode": "json",
            "body": self.body(answer_id),
            "usage": {"prompt_tokens": 120, "completion_tokens": 280, "total_tokens": 400},
            "cost_usd": 0.00042,
            "latency_ms": 2_345,
            "source": "llm",
            "created": stored_at // 1000,
            **(original if number % 2 == 0 else {}),
        }

    def body(self, answer_id: str) -> str:
        message = {"role": "assistant", "content": self.text(BODY_BYTES - 250)}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        answer = {"id": answer_id, "object": "chat.completion", "created": STORED_AT // 1000}
        return json.dumps({**answer, "model": "model", "choices": [choice]}, ensure_ascii=False)

    def text(self, length: int) -> str:
        text = ""
        while len(text) < length:
            text += self.random.choice(self.sentences) + " "
        return text[:length]
