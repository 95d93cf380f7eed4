"""An uploaded picture becomes small files that keep only its pixels."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, ImageCms

from articles.images import files, processing, storage
from articles.images.files import TYPES
from articles.images.processing import UnsuitableImage
from portal.models import User
from tests.factories import make_photo

MARK = "SECRET-MARK"
TRACES = (MARK, "Exif", "ns.adobe.com", "ICC_PROFILE", "iCCP", "Photoshop", "JFXX")


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    return processing.encode_image(processing.read_image(content, "a.jpg"))


def described(mark: str = MARK) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E], exif[0x010F] = mark, mark  # image description and camera maker
    exif[0x0112] = 3
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 1.0), 29: mark})  # GPS
    return exif


# --- What goes out --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_location_and_device_data_are_removed(kind: str) -> None:
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{MARK}</x:xmpmeta>".encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, dict[str, Any]] = {"WEBP": {"xmp": xmp}, "JPEG": {"xmp": xmp, "comment": MARK}}
    options = {"exif": described(), "icc_profile": profile, **more.get(kind, {})}
    photo = make_photo(1000, 400, kind=kind, **options)
    assert MARK.encode() in photo
    files = files_of(photo)
    assert len(files) == 3 * len(TYPES)
    for name, content in files.items():
        assert not [trace for trace in TRACES if trace.encode() in content], name
        with Image.open(BytesIO(content)) as image:
            assert not image.getexif(), name
            assert not image.info.keys() & {"exif", "xmp", "icc_profile", "comment"}, name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_however_the_camera_was_held(orientation: int) -> None:
    upright = Image.new("RGB", (360, 480), "white")
    upright.paste("red", (0, 0, 120, 120))
    seen = upright
    if orientation in processing._TURNS:  # as the sensor saw it: rotated the other way
        back = {6: 8, 8: 6}.get(orientation, orientation)
        seen = upright.transpose(processing._TURNS[back])
    exif = Image.Exif()
    exif[0x0112] = orientation
    master = processing.read_image(file_of(seen, exif=exif), "a.png")
    assert (master.width, master.height) == (360, 480)
    corners = [(60, 60), (300, 60), (60, 420), (300, 420)]
    assert [master.image.getpixel(each) for each in corners] == [(255, 0, 0)] + 3 * [(255,) * 3]


def test_colors_match_the_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A color profile in which red and blue have changed places.
    odd = profile.replace(b"rXYZ", b"-odd-").replace(b"bXYZ", b"rXYZ").replace(b"-odd-", b"bXYZ")
    blue = Image.new("RGB", (400, 300), "blue")
    red, _, rest = processing.read_image(file_of(blue, icc_profile=odd), "a").image.getpixel((9, 9))  # type: ignore[misc]
    assert red > 250
    assert rest < 5
    broken = processing.read_image(file_of(blue, icc_profile=profile[:200]), "a")
    assert broken.image.getpixel((9, 9)) == (0, 0, 255), "and one that is none is none"


def test_transparent_areas_become_white() -> None:
    half = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    half.paste((0, 0, 0, 255), (0, 0, 200, 300))
    for image in (half, half.quantize(), half.convert("LA")):
        master = processing.read_image(file_of(image), "a.png")
        assert master.image.getpixel((50, 50)) == (0, 0, 0)
        assert master.image.getpixel((350, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "value", "kind"),
    [("L", 128, "JPEG"), ("CMYK", (0, 0, 0, 127), "JPEG"), ("I;16", 128 * 257, "PNG")],
)
def test_gray_stays_gray_in_every_encoding(mode: str, value: Any, kind: str) -> None:
    master = processing.read_image(file_of(Image.new(mode, (400, 300), value), kind), "a")
    assert master.image.getpixel((9, 9)) == (128, 128, 128)


def test_a_phone_photo_with_a_second_image_is_not_an_animation() -> None:
    photo = Image.new("RGB", (400, 300), "red")
    both = file_of(photo, "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300))])
    assert processing.read_image(both, "a.jpg").image.getpixel((9, 9))[0] > 250  # type: ignore[index]


@pytest.mark.parametrize(
    ("width", "widths"),
    [(320, [320]), (480, [480]), (700, [480, 700]), (2000, [480, 960, 1600])],
)
def test_no_file_is_wider_than_the_upload(width: int, widths: list[int]) -> None:
    master = processing.read_image(make_photo(width, width // 2, "PNG"), "a.png")
    assert [*master.widths] == widths
    assert (master.width, master.height) == (widths[-1], widths[-1] // 2)


def test_the_same_picture_has_the_same_names_whatever_its_metadata() -> None:
    image = Image.open(BytesIO(make_photo(kind="PNG")))
    plain, other = (file_of(image, exif=each) for each in (Image.Exif(), Image.Exif()))
    exif = described()
    del exif[0x0112]
    marked = file_of(image, exif=exif)
    assert marked != plain
    assert files_of(plain) == files_of(other) == files_of(marked)
    assert files_of(plain).keys().isdisjoint(files_of(make_photo(kind="PNG")))


# --- What is not taken ----------------------------------------------------------------------------


def png_of(width: int, height: int) -> bytes:
    """Return a PNG with only a header: decoding it fails."""
    head = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def webp_of(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    chunk = b"VP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", bits) + b"\x00"
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue")]
    return file_of(frames[0], kind, save_all=True, append_images=frames[1:])


REFUSED = {
    "script as GIF": (b"GIF89a/*" + b"\x00" * 99 + b"*/=1;alert(1)", "a JPEG, PNG, or WebP"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "a JPEG, PNG, or WebP"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a JPEG, PNG, or WebP"),
    "BMP": (file_of(Image.new("RGB", (400, 300)), "BMP"), "a JPEG, PNG, or WebP"),
    "nothing": (b"", "a JPEG, PNG, or WebP"),
    "RIFF of something else": (b"RIFF\x00\x00\x00\x00WAVEfmt ", "damaged"),
    "its beginning only": (file_of(Image.new("RGB", (400, 300)))[:300], "damaged"),
    "JPEG of nothing": (b"\xff\xd8\xff" + b"\x00" * 99, "damaged"),
    "too heavy": (b"\xff\xd8\xff" + b"\x00" * files.MAX_BYTES, "is 10.0 MB. The limit is"),
    "bomb": (png_of(60_000, 60_000), "60,000 × 60,000 pixels, 3,600 million. The limit is 50"),
    "bomb of WebP": (webp_of(16_383, 16_383), "has too many pixels. The limit is 50"),
    "moving PNG": (moving("PNG"), "is animated"),
    "moving WebP": (moving("WEBP"), "is animated"),
    "small": (
        file_of(Image.new("RGB", (319, 300))),
        "is 319 pixels wide. It has to be at least 320",
    ),
    "flat": (png_of(4_010, 1_000), "too long and thin"),
    "high": (png_of(1_000, 4_010), "too long and thin"),
    "endless scans": (make_photo() + processing._START_OF_SCAN * 999, "unusual structure"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_unsuitable_files_are_refused_with_their_name_and_a_reason(what: str) -> None:
    content, why = REFUSED[what]
    with pytest.raises(UnsuitableImage) as refusal:
        processing.read_image(content, "holiday.jpg")
    assert str(refusal.value).startswith("“holiday.jpg” ")
    assert why in str(refusal.value)


def test_a_script_appended_to_a_picture_is_removed() -> None:
    for content in files_of(make_photo() + b"<script>alert(1)</script>").values():
        assert b"<script" not in content


# --- On the shelf ---------------------------------------------------------------------------------


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def test_files_saved_twice_are_stored_once_and_left_untouched() -> None:
    files = files_of(make_photo())
    storage.save_files(files)
    before = {name: (folder() / name).stat().st_mtime_ns for name in files}
    storage.save_files(files)
    assert before == {name: (folder() / name).stat().st_mtime_ns for name in files}
    assert {name: storage.load_file(name) for name in files} == files


def test_a_file_is_saved_completely_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    files = files_of(make_photo())

    def full(handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.save_files(files)
    assert not [name for name in files if storage.has_file(name)]
    assert not [*tmp_path.iterdir()], "and nothing half written is left"


# --- Served ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_picture_is_cached_forever_without_cookie_session_or_query(
    client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    files = files_of(make_photo())
    storage.save_files(files)
    client.force_login(editor)
    for name, content in files.items():
        with django_assert_num_queries(0):
            response = client.get(f"/images/{name}", headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert response.content == content
        assert response["Content-Type"] == TYPES[name.rpartition(".")[2]]
        directives = set(response["Cache-Control"].split(", "))
        assert directives == {"public", "max-age=31536000", "immutable"}
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert not response.has_header("Content-Encoding")
        head = client.head(f"/images/{name}")
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Length"] == str(len(content))
        again = client.get(f"/images/{name}", headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
        assert client.post(f"/images/{name}").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        *("0" * 32 + "-480.avif", "0" * 32 + "-480.svg", "0" * 31 + "-480.avif", ".x", "a"),
        *("..%2fportal.sqlite3", "../portal.sqlite3", "%2e%2e/demo.env", "0" * 32 + "-480.avif%0a"),
        *("%00", "٣" * 32 + "-480.avif", "x" * 5000),
    ],
)
def test_no_other_name_is_looked_up(client: Client, name: str) -> None:
    response = client.generic("GET", f"/images/{name}")
    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"
