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
        goes_on = False
        for token, time in zip(result.tokens, times, strict=False):
            at = round(begin + time, 2)
            text = token.removesuffix("@@").replace("▁", " ")
            if goes_on and found:
                # "@@" at the end of a piece: the next one belongs to the same word
                found[-1] = {**found[-1], "text": f"{found[-1]['text']}{text}", "end": at}
            else:
                found.append({"channel": channel, "start": at, "end": at, "text": text})
            goes_on = token.endswith("@@")
    return found


main(words_of)
