import io
import struct
import sys
import zlib
from typing import Any, cast

import pytest
import zxingcpp
from PIL import Image

from replygate.model import Draft
from replygate.screening import images
from replygate.screening.images import CODES_MAX, Unscannable, scan, with_codes

LINK = "https://example.com/join?group=8"


def qr(text: str, *, scale: int = 4) -> Image.Image:
    """A picture of a QR code with its white margin."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    pixels = memoryview(cast("Any", zxingcpp.write_barcode_to_image(code, scale=scale)))
    assert pixels.shape is not None
    height, width = pixels.shape
    return Image.frombytes("L", (width, height), pixels.tobytes())


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_code_is_read_in_every_usual_kind_of_picture(kind: str) -> None:
    assert scan(saved(qr(LINK), kind)) == (LINK,)


def test_a_picture_without_a_code_says_nothing() -> None:
    assert scan(saved(Image.new("RGB", (300, 200), "red"))) == ()


def test_chinese_text_and_turned_codes_are_read() -> None:
    assert scan(saved(qr("加我微信 abc_123").rotate(90))) == ("加我微信 abc_123",)


def test_every_code_of_a_picture_is_read() -> None:
    one, two = qr("first"), qr("second")
    both = Image.new("L", (one.width + two.width, max(one.height, two.height)), 255)
    both.paste(one, (0, 0))
    both.paste(two, (one.width, 0))
    assert sorted(scan(saved(both))) == ["first", "second"]
    assert len(scan(saved(both))) <= CODES_MAX


def test_a_code_on_transparent_ground_is_read_as_a_chat_window_shows_it() -> None:
    code = qr(LINK)
    ink = Image.new("RGBA", code.size, (0, 0, 0, 255))
    ink.putalpha(code.point(lambda value: 255 - value))
    assert scan(saved(ink)) == (LINK,)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (b"", "can not be read"),
        (b"not a picture", "can not be read"),
        (saved(qr(LINK))[:200], "can not be read"),
        (bomb(60_000, 60_000), "pixels|can not be read"),
        (bomb(8_000, 8_000), "8000 x 8000 pixels"),
    ],
)
def test_what_is_no_picture_or_too_large_a_one_is_refused(image: bytes, why: str) -> None:
    with pytest.raises(Unscannable, match=why):
        scan(image)


def test_a_large_file_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "IMAGE_BYTES", 10)
    with pytest.raises(Unscannable, match="at most 10"):
        scan(saved(qr(LINK)))


def test_a_draft_gets_the_codes_of_all_of_its_pictures() -> None:
    draft = Draft("c-1", "", kind="image")
    assert with_codes(draft, [saved(qr("a")), saved(qr("b"))]).codes == ("a", "b")
    assert with_codes(draft, [saved(Image.new("L", (50, 50)))]).codes == ()


def test_where_one_picture_can_not_be_read_nobody_looked() -> None:
    draft = Draft("c-1", "", kind="image")
    assert with_codes(draft, [saved(qr("a")), b"broken"]) is draft


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(ImportError, match=r"replygate\[images\]"):
        scan(saved(Image.new("L", (5, 5))))
