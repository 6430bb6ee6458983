# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


class FactError(Exception):
    """A fact cannot be applied; the text says why, for people."""


class EpochError(Exception):
    """The request is of an older bridge than the newest that said hello."""

    def __init__(self, epoch, message=None):
        super().__init__(message or f"epoch {epoch} is the newest")
        self.epoch = epoch
