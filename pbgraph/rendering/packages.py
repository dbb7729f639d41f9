"""What an office program packs into one file, as the same bytes for the same content."""

import re
import zipfile
from io import BytesIO

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def same_bytes(content: bytes, *, day: str) -> bytes:
    """An Office file without the time of its writing, its own and that of workbooks in it: they are of `day`."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode(), part)
            elif info.filename.endswith(".xlsx"):
                part = same_bytes(part, day=day)
            new.writestr(zipfile.ZipInfo(info.filename, _FIXED_TIME), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
