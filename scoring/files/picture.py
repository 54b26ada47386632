"""The calibration plot of a card: what was said on one side, what came on the other."""

from __future__ import annotations

import io

from scoring.files.card import ModelCard


def calibration_png(card: ModelCard) -> bytes:
    """Return the plot as a PNG file, drawn without a screen.

    Raises
    ------
    ValueError
        The card has no calibration.
    """
    if not card.calibration:
        raise ValueError(f"the card of {card.model_id} has no calibration to draw")
    # Costs half a second to import, and only who trains draws.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    said = [one.predicted for one in card.calibration]
    came = [one.actual for one in card.calibration]
    most = max([*said, *came])
    axes.plot([0, most], [0, most], color="grey", linewidth=1, label="said = came")
    axes.plot(said, came, marker="o", label=card.name)
    axes.set(xlabel="said", ylabel="came", title=card.model_id)
    axes.legend()
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
