"""Run the server: `python -m qdrant_server --data FOLDER --port 6333`."""

import argparse
import os
from pathlib import Path

import uvicorn

from .app import app


def main() -> None:
    parser = argparse.ArgumentParser(prog="qdrant_server", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder that holds the collections"
    )
    parser.add_argument("--port", type=int, default=6333)
    arguments = parser.parse_args()
    uvicorn.run(
        # An empty key means an open server, as for the real one.
        app(arguments.data, os.environ.get("QDRANT_API_KEY")),
        host="127.0.0.1",
        port=arguments.port,
        log_level="warning",
        # The real server drops idle connections after 5 s too.
        timeout_keep_alive=5,
        # Open keep-alive connections must not hold up a stop.
        timeout_graceful_shutdown=2,
    )


main()
