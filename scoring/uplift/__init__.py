"""Who buys because of the message: what experiments tell, and whom to win back.

`average_effect` tells what a message causes on average, `UpliftModel` for whom it causes more,
`qini_curve` and `qini_interval` judge such an order, `contacts_per_arm` says how many persons an
experiment needs.
"""

from scoring.uplift.arms import ANY, by_arm
from scoring.uplift.effect import Effect, average_effect
from scoring.uplift.experiment import Experiment, read_experiment
from scoring.uplift.holdout import Incremental, incremental_revenue
from scoring.uplift.model import UpliftModel
from scoring.uplift.power import contacts_per_arm, not_measurable, smallest_lift
from scoring.uplift.qini import Curve, qini_coefficient, qini_curve, qini_interval
from scoring.uplift.winback import Winback, enough_for_winback, winback_targets

__all__ = [
    "ANY",
    "Curve",
    "Effect",
    "Experiment",
    "Incremental",
    "UpliftModel",
    "Winback",
    "average_effect",
    "by_arm",
    "contacts_per_arm",
    "enough_for_winback",
    "incremental_revenue",
    "not_measurable",
    "qini_coefficient",
    "qini_curve",
    "qini_interval",
    "read_experiment",
    "smallest_lift",
    "winback_targets",
]
