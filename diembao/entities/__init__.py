"""Resolution: which unit, person, model, award kind, movement or place a mention means."""

from diembao.entities.resolution import Resolved, resolve

__all__ = ["Resolved", "resolve"]
