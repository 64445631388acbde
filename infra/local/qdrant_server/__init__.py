"""A small REST server over Qdrant's own storage engine (`qdrant-edge-py`).

It speaks the part of Qdrant's API that the gateway and LiteLLM use, with the real server's status
codes, defaults and error bodies, so that what works here works against a real Qdrant.
"""
