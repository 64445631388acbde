"""Several keys without a database: LiteLLM asks this for each request (its `custom_auth` setting)."""

from litellm.proxy._types import ProxyException, UserAPIKeyAuth

MODELS = {
    "sk-alice": ["local-chat-model", "openai/*"],
    "sk-bob": ["local-chat-model"],
    "sk-carol": [],  # everything
}
TEAMS = {"sk-alice": "red", "sk-bob": "red", "sk-carol": "blue"}


async def user_api_key_auth(request, api_key):
    if api_key not in MODELS:
        raise ProxyException(message="Unknown key.", type="auth_error", param="key", code=401)
    return UserAPIKeyAuth(
        api_key=api_key, user_id=api_key, team_id=TEAMS[api_key], models=MODELS[api_key]
    )
