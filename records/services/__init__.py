"""Files: made by the worker, stored after checking, recorded when they leave."""

from .attachments import store_attachment, store_picture
from .downloads import record_download
from .exports import cancel_export, claim_export, expire_exports, request_export, retry_export, run_export

__all__ = [
    "cancel_export",
    "claim_export",
    "expire_exports",
    "record_download",
    "request_export",
    "retry_export",
    "run_export",
    "store_attachment",
    "store_picture",
]
