"""Finds the QR codes in a picture. Needs the extra `images`.

The gate takes no pictures: decoding one takes milliseconds, which an event loop does not have. Who
has a picture calls `with_codes` in a thread and gives the gate what it returns.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from replygate.model import Draft

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

IMAGE_BYTES = 10_000_000
"""A larger file is not opened."""

IMAGE_PIXELS = 40_000_000
"""A larger picture is not decoded: a few bytes can claim to be gigabytes of pixels."""

CODES_MAX = 20
"""More codes in one picture are not read."""


_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


class Unscannable(ValueError):
    """A picture that can not be read, and why."""


def scan(image: bytes) -> tuple[str, ...]:
    """What the QR codes in a picture (PNG, JPEG, GIF, WebP, BMP) say.

    Raises Unscannable for what is no such picture or too large, ImportError when the extra is
    missing.
    """
    try:
        import zxingcpp
        from PIL import Image
    except ImportError as missing:
        raise ImportError("pictures need the extra: pip install 'replygate[images]'") from missing
    if len(image) > IMAGE_BYTES:
        raise Unscannable(f"has {len(image)} bytes; at most {IMAGE_BYTES} are read")
    try:
        with warnings.catch_warnings():
            # The limit below is ours; Pillow only warns of its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(image), formats=_FORMATS) as picture:
                width, height = picture.size
                _require_small(width, height)
                gray = _on_white(picture)
                pixels = memoryview(gray.tobytes()).cast("B", (height, width))
    except Unscannable:
        raise
    except Exception as fault:
        # Decoders raise nearly anything for a broken file.
        raise Unscannable(f"can not be read: {type(fault).__name__}") from fault
    kind = zxingcpp.barcode_formats_from_str("QRCode")
    found = zxingcpp.read_barcodes(pixels, formats=kind)
    return tuple(code.text for code in found[:CODES_MAX])


def _require_small(width: int, height: int) -> None:
    if width * height > IMAGE_PIXELS:
        raise Unscannable(f"has {width} x {height} pixels; at most {IMAGE_PIXELS} are decoded")


def _on_white(picture: Picture) -> Picture:
    """Gray, and white where it is transparent, as a chat window shows it."""
    from PIL import Image

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("L")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(paper, seen).convert("L")


def with_codes(draft: Draft, images: Iterable[bytes]) -> Draft:
    """The draft with what the codes in its pictures say.

    Where one of them can not be read its `codes` stay None, and the gate says that nobody looked.
    Raises ImportError when the extra is missing.
    """
    codes: list[str] = []
    try:
        for image in images:
            codes += scan(image)
    except Unscannable:
        return draft
    return replace(draft, codes=tuple(codes))
