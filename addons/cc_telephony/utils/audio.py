# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def mp3_channels(data):
    """:return: 1 or 2 channels by the first frame's header, 0 if ``data`` (bytes) is no MP3"""
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:
        size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
        start = 10 + size
    # A frame begins with eleven set bits; an encoder may pad before the first one
    for offset in range(start, min(start + 4096, len(data) - 3)):
        if data[offset] != 0xFF or data[offset + 1] & 0xE0 != 0xE0:
            continue
        version, layer = data[offset + 1] >> 3 & 3, data[offset + 1] >> 1 & 3
        bitrate, rate = data[offset + 2] >> 4, data[offset + 2] >> 2 & 3
        if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
            continue
        return 1 if data[offset + 3] >> 6 == 3 else 2
    return 0
