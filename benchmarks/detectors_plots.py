"""The rates as pictures: curves, rates by number of notes, and whether probabilities are true."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.detectors_rates import CONCERNED, CONDITIONS, LONGEST, Cell, Subject
from game.bots.book import BOTS
from simulations.detection.dataset import LEARNED
from simulations.detection.evaluation import calibration, curve
from simulations.detection.trials import NOTES

COLOURS: Final = {"alone": "#0072B2", "known": "#D55E00", "riffs": "#009E73"}
"""Of Okabe and Ito: told apart by all eyes."""
STYLES: Final = {"alone": "-", "known": "--", "riffs": ":"}
LENGTH_COLOURS: Final = {30: "#E69F00", 120: "#56B4E9", 500: "#0072B2"}
COLUMNS: Final = 5
BINS: Final = 10
FEWEST_ALARMS: Final = 1e-3


def draw(folder: Path, subject: Subject, cells: Iterable[Cell]) -> None:
    """Writes curves.png, lengths.png and calibration.png."""
    import matplotlib  # here, because it is an extra

    matplotlib.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    _draw_curves(folder / "curves.png", subject)
    _draw_lengths(folder / "lengths.png", subject, list(cells))
    _draw_calibration(folder / "calibration.png", subject)


def _draw_curves(path: Path, subject: Subject) -> None:
    figure, panels = _panels(subject, f"Caught against false alarms, {LONGEST} notes")
    there = subject.of_length(LONGEST)
    for name, axes in panels:
        for condition in _conditions_of(name):
            values = getattr(subject.trials, condition)
            people = subject.scores(values, there & subject.is_human)
            fakes = subject.scores(values, there & (subject.trials.attack == name))
            if len(people.values) and len(fakes.values):
                alarms, caught = curve(people, fakes)
                axes.step(
                    np.maximum(alarms, FEWEST_ALARMS), caught, where="post", **_look(condition)
                )
        axes.axvline(0.01, color="0.75", linewidth=0.8, zorder=0)
        axes.set_xscale("log")
        axes.set_xlim(FEWEST_ALARMS, 1)
        axes.set_xticks([1e-3, 1e-2, 1e-1, 1], ["0.1 %", "1 %", "10 %", "all"])
    _save(figure, path, "false alarms among recorded people (log scale; grey: 1 %)")


def _draw_lengths(path: Path, subject: Subject, cells: list[Cell]) -> None:
    figure, panels = _panels(subject, "Caught at 1 % false alarms, by number of notes")
    for name, axes in panels:
        for condition in _conditions_of(name):
            rates = {
                cell.notes: cell.rate
                for cell in cells
                if (cell.condition, cell.attack, cell.at) == (condition, name, "1 %")
            }
            asked = [notes for notes in NOTES if notes in rates]
            lows, highs = ([getattr(rates[n], end) for n in asked] for end in ("low", "high"))
            axes.fill_between(asked, lows, highs, color=COLOURS[condition], alpha=0.18, linewidth=0)
            axes.plot(
                asked,
                [rates[n].value for n in asked],
                marker="o",
                markersize=3,
                **_look(condition),
            )
        axes.set_xscale("log")
        axes.set_xticks(NOTES, [str(notes) for notes in NOTES])
        axes.minorticks_off()
    _save(figure, path, "notes in the window (log scale; bands: 95 % over people)")


def _draw_calibration(path: Path, subject: Subject) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 6), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, zorder=0)
    trials = subject.trials
    for notes, colour in LENGTH_COLOURS.items():
        is_learned = np.isin(trials.attack, LEARNED)
        chosen = subject.of_length(notes) & (subject.is_human | is_learned)
        is_fake = ~subject.is_human[chosen]
        if not is_fake.any() or is_fake.all():
            continue
        share = is_fake.mean()
        evened = np.where(is_fake, 0.5 / share, 0.5 / (1 - share))
        predicted, observed, _ = calibration(
            trials.log_odds[chosen], is_fake.astype(np.float64), evened, BINS
        )
        axes.plot(predicted, observed, marker="o", color=colour, label=f"{notes} notes")
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.set_xlabel("probability of a script that the model gives, at even odds")
    axes.set_ylabel("share that scripts made, in bins of a tenth")
    axes.set_title("Are the probabilities true? (below the line: too suspicious)")
    axes.legend(frameon=False, loc="upper left")
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def _panels(subject: Subject, title: str) -> tuple[Any, Iterator[tuple[str, Any]]]:
    """A figure with a panel for each attack, in the order of the book."""
    from matplotlib import pyplot

    names = [bot.name for bot in BOTS if bot.name in subject.attacks]
    figure, grid = pyplot.subplots(
        -(-len(names) // COLUMNS),
        COLUMNS,
        figsize=(12, 9.5),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    panels = grid.flatten()
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    for name, axes in zip(names, panels, strict=False):
        axes.set_title(name, fontsize=10)
        axes.set_ylim(-0.03, 1.03)
        axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
    figure.suptitle(title)
    return figure, zip(names, panels, strict=False)


def _conditions_of(attack: str) -> list[str]:
    """Those that make a difference to it."""
    return [condition for condition in CONDITIONS if attack in CONCERNED[condition]]


def _look(condition: str) -> dict[str, Any]:
    return {
        "color": COLOURS[condition],
        "linestyle": STYLES[condition],
        "linewidth": 1.8,
        "label": condition,
    }


def _save(figure: Any, path: Path, below: str) -> None:
    from matplotlib import pyplot
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **_look(condition)) for condition in CONDITIONS]
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles), frameon=False)
    figure.supxlabel(below, fontsize=10)
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
