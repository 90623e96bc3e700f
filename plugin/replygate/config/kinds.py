"""Tells what kind of file a document is, by what stands in it."""

from __future__ import annotations

from typing import Literal

from replygate.config.read import Data
from replygate.config.schema import GroupFile, LexiconFile, ProfileFile

FileKind = Literal["store", "group", "platform", "lexicon"]

_STORE_KEYS = GroupFile.model_fields.keys() - {*ProfileFile.model_fields, *LexiconFile.model_fields}
_PROFILE_KEYS = frozenset({"editions", "own_domains", "own_names"})
_LEXICON_KEYS = frozenset({"title", "as_of", "rule", "topic"})


def kind_of(data: Data) -> FileKind:
    """Recognise a document. One that fits nothing is a store, or a group where it has no id."""
    keys = data.keys()
    if not keys & _STORE_KEYS:
        if keys & _PROFILE_KEYS:
            return "platform"
        # Where rules stand beside a store's table, it is a store with its rules misplaced.
        if keys & _LEXICON_KEYS and "screening" not in keys:
            return "lexicon"
    return "store" if "id" in keys else "group"
