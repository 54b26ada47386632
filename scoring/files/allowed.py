"""The types that a file of a model may hold: a fixed list, by name.

What is not here is not loaded, whatever else the installed libraries would trust. A model that
learns a new kind of part brings its name here; a test saves and loads every model of the package.
"""

from __future__ import annotations

from typing import Final

OWN: Final = frozenset(
    {
        "scoring.bgnbd.model.BGNBD",
        "scoring.bgnbd.pace.Pace",
        "scoring.churn.members.SmallTrees",
        "scoring.churn.members.SplineLogistic",
        "scoring.churn.model.ChurnModel",
        "scoring.churn.rfm.RFMClassifier",
        "scoring.metrics.intervals.Interval",
        "scoring.recommend.again.BuyAgain",
        "scoring.recommend.ease.EASERecommender",
        "scoring.timing.mixture.Mixture",
        "scoring.timing.model.SendTimeModel",
        "scoring.uplift.effect.Effect",
        "scoring.uplift.members.Additive",
        "scoring.uplift.members.Interactions",
        "scoring.uplift.members.Trees",
        "scoring.uplift.members.Transformed",
        "scoring.uplift.model.UpliftModel",
        "scoring.value.baseline.BGNBDValue",
        "scoring.value.gamma_gamma.GammaGamma",
        "scoring.value.learners.Learners",
        "scoring.value.level.Level",
        "scoring.value.means.ShrunkMean",
        "scoring.value.model.ValueModel",
        "scoring.value.quantiles.SpendQuantiles",
    }
)
"""Our estimators and their parts."""

SKLEARN: Final = frozenset(
    {
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfGammaLoss",
        "sklearn._loss._loss.CyHalfPoissonLoss",
        "sklearn._loss._loss.CyHalfSquaredError",
        "sklearn._loss._loss.CyPinballLoss",
        "sklearn._loss.link.HalfLogitLink",
        "sklearn._loss.link.IdentityLink",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogLink",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfGammaLoss",
        "sklearn._loss.loss.HalfPoissonLoss",
        "sklearn._loss.loss.HalfSquaredError",
        "sklearn._loss.loss.PinballLoss",
        "sklearn.dummy.DummyRegressor",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.impute._base.MissingIndicator",
        "sklearn.impute._base.SimpleImputer",
        "sklearn.isotonic.IsotonicRegression",
        "sklearn.linear_model._glm.glm.GammaRegressor",
        "sklearn.linear_model._glm.glm.PoissonRegressor",
        "sklearn.linear_model._glm.glm.TweedieRegressor",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.linear_model._ridge.Ridge",
        "sklearn.pipeline.FeatureUnion",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing._label.LabelEncoder",
        "sklearn.preprocessing._polynomial.SplineTransformer",
    }
)
"""Estimators of scikit-learn that ours are made of, and what these hold."""

PLAIN: Final = frozenset(
    {
        "builtins.bool",
        "builtins.dict",
        "builtins.float",
        "builtins.int",
        "builtins.list",
        "builtins.set",
        "builtins.slice",
        "builtins.str",
        "builtins.tuple",
        "datetime.date",
        "numpy.bool",
        "numpy.datetime64",
        "numpy.dtype",
        "numpy.float32",
        "numpy.float64",
        "numpy.int32",
        "numpy.int64",
        "numpy.ndarray",
        "numpy.random._generator.Generator",
        "numpy.random.mtrand.RandomState",
        "numpy.str_",
        "numpy.timedelta64",
        "numpy.uint32",
        "numpy.uint64",
        "numpy.uint8",
        "scipy.interpolate._bsplines.BSpline",
        "scipy.sparse._csc.csc_array",
        "scipy.sparse._csc.csc_matrix",
        "scipy.sparse._csr.csr_array",
        "scipy.sparse._csr.csr_matrix",
    }
)
"""Numbers, words and arrays of them."""

FUNCTIONS: Final = frozenset({"scipy._lib.array_api_compat.numpy._aliases.asarray"})
"""The one that a spline of scipy keeps beside its knots."""

TYPES: Final = OWN | SKLEARN | PLAIN

LOADERS: Final = frozenset(
    {
        "CachedNode",
        "DTypeNode",
        "DictNode",
        "JsonNode",
        "ListNode",
        "LossNode",
        "NdArrayNode",
        "ObjectNode",
        "RandomGeneratorNode",
        "RandomStateNode",
        "SetNode",
        "SliceNode",
        "SparseMatrixNode",
        "TupleNode",
        "TypeNode",
    }
)
"""How skops may make an object. Calls of functions, methods and operators are not among them."""

FUNCTION_LOADER: Final = "FunctionNode"
"""Names a function without calling it; only `FUNCTIONS` may be named."""
