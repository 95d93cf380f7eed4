"""Processing of uploaded pictures into small files in three formats, with nothing else in them.

Pure: bytes in, bytes out. The output is redrawn from the pixels, so that no location, device name,
comment, or hidden script from the upload survives.

Transparent areas become white. A diagram with black lines on a transparent background would vanish
in dark mode, and JPEG has no transparency. This way, a picture looks the same everywhere.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from threading import Lock
from typing import Any

from PIL import Image, ImageCms, ImageFile
from PIL.Image import Resampling, Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from articles.images import words
from articles.images.files import MAX_BYTES, MIN_WIDTH, file_name

MAX_PIXELS = 50_000_000
#: The longer side can be at most this many times the shorter side.
MAX_RATIO = 4
#: Widths of the files, in pixels; never wider than the upload.
WIDTHS = (480, 960, 1600)

# Increase this with any change to the output: caches keep what they got under a name forever.
_RECIPE = 1
# Color has full resolution (4:4:4); otherwise red lines and small text in a diagram blur. At AVIF
# speed 9, all nine files take about two seconds; at speed 6 they take ten and are a tenth smaller.
_ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 9, "subsampling": "4:4:4", "max_threads": 2}),
    "webp": ("WEBP", {"quality": 80, "method": 4, "use_sharp_yuv": True}),
    "jpg": ("JPEG", {"quality": 82, "subsampling": "4:4:4", "optimize": True, "progressive": True}),
}
# Formats by a file's first bytes, whatever its name. Image.open is not used: it would treat an
# iPhone photo with a second photo behind it (MPO) as animated.
_FORMATS: dict[bytes, type[ImageFile.ImageFile]] = {
    b"\xff\xd8\xff": JpegImageFile,
    b"\x89PNG\r\n\x1a\n": PngImageFile,
    b"RIFF": WebPImageFile,
}
# Each scan is another pass over all pixels: thousands of them in a small file would take an hour.
_START_OF_SCAN, _MAX_SCANS = b"\xff\xda", 200
_ORIENTATION = 0x0112  # EXIF tag
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_ON_THE_SIDE = 5
# A picture of 50 million pixels takes several hundred MB of memory while it is read.
_one_at_a_time = Lock()


class UnsuitableImage(Exception):
    """A file that readers can't be shown. The message, for the editor, names it and says why."""


@dataclass(frozen=True)
class Master:
    """A picture as the largest file shows it: upright, in sRGB, with nothing but its pixels."""

    image: Image.Image

    @property
    def width(self) -> int:
        return self.image.width

    @property
    def height(self) -> int:
        return self.image.height

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the files made from it, in pixels."""
        return (*(each for each in WIDTHS if each < self.width), self.width)

    @cached_property
    def digest(self) -> str:
        """Hash of the pixels, so that the same picture with other metadata counts as the same."""
        what = f"{_RECIPE} {self.width} {self.height} ".encode() + self.image.tobytes()
        return hashlib.sha256(what).hexdigest()[:32]


def read_image(content: bytes, name: str) -> Master:
    """Read a JPEG, PNG, or WebP file that was called `name`. Raise UnsuitableImage."""
    if len(content) > MAX_BYTES:
        raise UnsuitableImage(
            words.TOO_LARGE
            % {"name": name, "size": f"{len(content) / 1e6:.1f}", "most": MAX_BYTES // 10**6}
        )
    kind = next((kind for start, kind in _FORMATS.items() if content.startswith(start)), None)
    if kind is None:
        raise UnsuitableImage(words.WRONG_FORMAT % {"name": name})
    with _one_at_a_time:
        try:
            with kind(BytesIO(content)) as image:
                _check(image, content, name)
                return Master(_draw(image))
        except Image.DecompressionBombError:
            raise UnsuitableImage(
                words.EVEN_MORE_PIXELS % {"name": name, "most": MAX_PIXELS // 10**6}
            ) from None
        except UnsuitableImage:
            raise
        except Exception as error:  # damaged files make decoders raise all kinds of errors
            raise UnsuitableImage(words.DAMAGED % {"name": name}) from error


def encode_image(master: Master) -> dict[str, bytes]:
    """Return the files for readers, by name."""
    digest, files = master.digest, {}
    for width in master.widths:
        height = round(master.height * width / master.width)
        with _one_at_a_time:
            image = master.image.resize((width, height), Resampling.LANCZOS)
            for ending, (encoder, options) in _ENCODERS.items():
                file = BytesIO()
                image.save(file, encoder, **options)
                files[file_name(digest, width, ending)] = file.getvalue()
    return files


def _check(image: ImageFile.ImageFile, content: bytes, name: str) -> None:
    """Check what the header says before any pixel is decoded."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        said = {
            "name": name,
            "width": f"{width:,}",
            "height": f"{height:,}",
            "millions": f"{width * height / 1e6:,.0f}",
            "most": MAX_PIXELS // 10**6,
        }
        raise UnsuitableImage(words.TOO_MANY_PIXELS % said)
    if getattr(image, "is_animated", False):
        raise UnsuitableImage(words.ANIMATED % {"name": name})
    if _orientation(image) >= _ON_THE_SIDE:
        width, height = height, width
    if width < MIN_WIDTH:
        said = {"name": name, "width": f"{width:,}", "least": MIN_WIDTH}
        raise UnsuitableImage(words.TOO_SMALL % said)
    if max(width, height) > MAX_RATIO * min(width, height):
        raise UnsuitableImage(
            words.TOO_THIN % {"name": name, "width": width, "height": height, "times": MAX_RATIO}
        )
    if isinstance(image, JpegImageFile) and content.count(_START_OF_SCAN) > _MAX_SCANS:
        raise UnsuitableImage(words.ODD_JPEG % {"name": name})


def _draw(image: Image.Image) -> Image.Image:
    turn = _orientation(image)
    if image.has_transparency_data:
        image = _on_white(image)
    elif image.mode.startswith("I"):  # 16-bit grayscale
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode not in {"L", "RGB", "CMYK"}:
        image = image.convert("RGB")
    most, high = WIDTHS[-1], WIDTHS[-1] * MAX_RATIO
    box = (high, most) if turn >= _ON_THE_SIDE else (most, high)
    image.thumbnail(box, Resampling.LANCZOS, reducing_gap=2.0)
    if turn in _TURNS:
        profile = image.info.get("icc_profile")
        image = image.transpose(_TURNS[turn])
        image.info["icc_profile"] = profile
    drawn = Image.new("RGB", image.size)
    drawn.paste(_to_srgb(image))
    return drawn


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 if it can't be read, as with some faulty cameras."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error):
        return 1
    return value if value in _TURNS else 1


def _on_white(image: Image.Image) -> Image.Image:
    image, profile = image.convert("RGBA"), image.info.get("icc_profile")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    white.info["icc_profile"] = profile
    return white


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # for another color space, or invalid: treated as if there were none
        if converted:
            return converted
    return image.convert("RGB")
