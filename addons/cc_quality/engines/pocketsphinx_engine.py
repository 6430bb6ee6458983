# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""English by pocketsphinx, whose package brings its model. Good for single words, not for reading."""

from common import RATE, Word, main, stretches


def words_of(path: str, language: str, _model: str) -> list[Word]:
    """The words of a file."""
    from pocketsphinx import Decoder

    if not language.lower().startswith("en"):
        raise ValueError("pocketsphinx knows English only")
    decoder = Decoder(samprate=float(RATE), loglevel="FATAL")
    found: list[Word] = []
    for channel, begin, sound in stretches(path):
        decoder.start_utt()
        decoder.process_raw((sound * 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            continue
        for one in decoder.seg():
            if one.word[0] in "<[+":
                continue
            found.append(
                {
                    "channel": channel,
                    # ten milliseconds a frame
                    "start": round(begin + one.start_frame / 100, 2),
                    "end": round(begin + (one.end_frame + 1) / 100, 2),
                    "text": one.word.split("(")[0],
                }
            )
    return found


main(words_of)
