"""Editors' corrections of what was read out of an article, between extraction and archive.

A correction is a `Claim`. It is anchored to words and the sentence that they stand in, so it holds for
whatever an extractor says of the text, and for later versions of the text as far as the words stand.
"""

from diembao.correcting.applying import Corrected, apply
from diembao.correcting.claims import Claim

__all__ = ["Claim", "Corrected", "apply"]
