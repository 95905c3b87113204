"""What is kept of a file that somebody attached: without Django, so that a process apart can look at it.

A photo is drawn anew: the picture alone, upright, without metadata, colour profile and further frames. All else is kept as
it came, once it is known what it is.
"""

import io

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from lianshang.kernel import file_types
from lianshang.kernel.refusals import Refused

pi_heif.register_heif_opener()

TOO_MANY_PIXELS = "照片的像素太多。请缩小后再传，已填内容都在。"
MOST_PIXELS = 64_000_000  # 256 MB while it is drawn, twice that where it is turned upright
QUALITY = 88
READ = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")  # and no other of the many formats of the library


def kept(content: bytes, name: str) -> tuple[bytes, str]:
    """Return what is kept of it, and its type. Raises `Refused` for what is broken, or of no type that is taken."""
    kind = file_types.media_type(content, name)
    return _drawn_anew(content, kind) if kind in file_types.PHOTOS else (content, kind)


def _drawn_anew(content: bytes, kind: str) -> tuple[bytes, str]:
    """Return the picture as JPEG, PNG or WebP."""
    try:
        with Image.open(io.BytesIO(content), formats=READ) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise Refused(TOO_MANY_PIXELS)
            ImageOps.exif_transpose(photo, in_place=True)
            is_clear = photo.has_transparency_data
            mode = "RGBA" if is_clear else "RGB"
            photo.load()
            picture = photo if photo.mode == mode else photo.convert(mode)
            picture.info.clear()
            return _written(picture, kind, is_clear=is_clear)
    except Image.DecompressionBombError:
        raise Refused(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Refused(file_types.BROKEN) from None


def _written(picture: Image.Image, kind: str, *, is_clear: bool) -> tuple[bytes, str]:
    drawn = io.BytesIO()
    if kind == "image/webp":
        picture.save(drawn, "WEBP", quality=QUALITY)
    elif is_clear or kind in ("image/png", "image/gif"):
        picture.save(drawn, "PNG")
        kind = "image/png"
    else:
        picture.save(drawn, "JPEG", quality=QUALITY)
        kind = "image/jpeg"
    return drawn.getvalue(), kind
