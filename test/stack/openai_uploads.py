"""OpenAI's Python client uploading files to a gateway: prints what it saw as one JSON object.

    python openai_uploads.py BASE_URL API_KEY AUDIO_MODEL IMAGE_MODEL
"""

import io
import json
import sys

import openai

base_url, api_key, audio_model, image_model = sys.argv[1:]
ours = openai.OpenAI(base_url=base_url, api_key=api_key)

AUDIO = bytes(range(256)) * 400


def transcription(**more):
    sound = io.BytesIO(AUDIO)
    sound.name = "Grüezi.mp3"
    return ours.audio.transcriptions.create(file=sound, model=audio_model, **more)


def edit(image, **more):
    return ours.images.edit(image=image, model=image_model, prompt="add a 世界", **more)


def failure(ask) -> dict:
    try:
        ask()
    except openai.APIStatusError as error:
        return {"class": type(error).__name__, "status": error.status_code, "param": error.param}
    return {"class": None}


images = [("a.png", b"\x89PNG\r\n1", "image/png"), ("b.png", b"\x89PNG\r\n--2", "image/png")]
words = {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}
seen = {
    "transcription": transcription(**words, language="de").text,
    "image": edit(images[0]).data[0].b64_json,
    "images": edit(images, mask=("m.png", b"mask", "image/png"), n=2).data[0].b64_json,
    "metadata": failure(lambda: transcription(extra_body={"metadata": {"tags": "x"}})),
    "cache": failure(lambda: edit(images, extra_body={"cache": "{}"})),
    "no_model": failure(lambda: ours.images.edit(image=images[0], prompt="x")),
    "no_route": failure(lambda: ours.audio.translations.create(file=images[0], model=audio_model)),
}
print(json.dumps(seen))
