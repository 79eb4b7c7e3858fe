"""Files: made by the worker, stored after checking, recorded when they leave."""

from .attachments import BadFile, Photo, check_photo, small_copy, store_attachment, store_photo
from .downloads import record_download
from .exports import cancel_export, claim_export, expire_exports, request_export, retry_export, run_export

__all__ = [
    "BadFile",
    "Photo",
    "cancel_export",
    "check_photo",
    "claim_export",
    "expire_exports",
    "record_download",
    "request_export",
    "retry_export",
    "run_export",
    "small_copy",
    "store_attachment",
    "store_photo",
]
