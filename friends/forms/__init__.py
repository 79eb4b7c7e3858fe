from .contact import ContactForm
from .correction import CorrectionForm
from .friendship import EndForm, picked_keys

__all__ = ["ContactForm", "CorrectionForm", "EndForm", "picked_keys"]
