"""Resolution: which unit, person, model, award kind, movement or place a mention means."""

from diembao.entities.resolution import resolve

__all__ = ["resolve"]
