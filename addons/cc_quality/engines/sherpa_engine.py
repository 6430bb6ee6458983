# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Chinese and English by sherpa-onnx and a model in a folder that the administrator names.

The folder holds ``tokens.txt`` and either ``encoder*.onnx``, ``decoder*.onnx`` and ``joiner*.onnx`` (a
transducer) or one ``model*.onnx``: SenseVoice if the folder's name says so, else Paraformer.
"""

from pathlib import Path

from common import RATE, Word, main, stretches


def recognizer(folder: Path, language: str) -> object:
    """The recognizer for what lies in the folder."""
    from sherpa_onnx import OfflineRecognizer

    def one(pattern: str) -> str:
        files = sorted(folder.glob(pattern))
        if not files:
            raise FileNotFoundError(f"{pattern} is missing in the model's folder")
        return str(files[0])

    tokens = one("tokens.txt")
    if list(folder.glob("encoder*.onnx")):
        return OfflineRecognizer.from_transducer(
            encoder=one("encoder*.onnx"),
            decoder=one("decoder*.onnx"),
            joiner=one("joiner*.onnx"),
            tokens=tokens,
        )
    if "sense" in folder.name.lower():
        return OfflineRecognizer.from_sense_voice(
            model=one("model*.onnx"), tokens=tokens, language=language[:2].lower(), use_itn=True
        )
    return OfflineRecognizer.from_paraformer(paraformer=one("model*.onnx"), tokens=tokens)


def words_of(path: str, language: str, model: str) -> list[Word]:
    """The words of a file; of Chinese a word is a character or what the model gives."""
    folder = Path(model)
    if not model or not folder.is_dir():
        raise FileNotFoundError("the model's folder is not there")
    engine = recognizer(folder, language)
    found: list[Word] = []
    for channel, begin, sound in stretches(path):
        stream = engine.create_stream()
        stream.accept_waveform(RATE, sound)
        engine.decode_stream(stream)
        result = stream.result
        times = list(result.timestamps) or [0.0] * len(result.tokens)
        for number, token in enumerate(result.tokens):
            start = begin + times[number]
            text = token.replace("▁", " ").replace("@@", "")
            # a token that continues a word joins it
            if (
                found
                and token.endswith("@@") is False
                and str(found[-1]["text"]).endswith("\u0000")
            ):
                found[-1]["text"] = str(found[-1]["text"])[:-1] + text
                found[-1]["end"] = round(start, 2)
                continue
            found.append(
                {
                    "channel": channel,
                    "start": round(start, 2),
                    "end": round(start, 2),
                    "text": text + ("\u0000" if token.endswith("@@") else ""),
                }
            )
    for word in found:
        word["text"] = str(word["text"]).rstrip("\u0000")
    return found


main(words_of)
