"""What people will spend: Gamma-Gamma, BG/NBD times a mean, and the model that is used."""

from scoring.value.baseline import BGNBDValue
from scoring.value.gamma_gamma import GammaGamma
from scoring.value.model import ValueModel

__all__ = ["BGNBDValue", "GammaGamma", "ValueModel"]
