"""A concert in the terminal: how far it is, who listens, and what the crowd made of it."""

import io
from typing import Any, Final

import click

from popd.cli.called import hint
from popd.cli.nearby_words import clean
from popd.cli.plurals import many

STEPS: Final = ("waiting", "open", "locked", "revealed", "closed")
BAR: Final = 24
"""Characters of the longest bar."""
MAX_COMMENTS: Final = 20


def tell_concert(concert: dict[str, Any]) -> None:
    """Everything about one concert, as its reader would ask for it."""
    click.echo(f"{clean(concert['name'])}  ({concert['id'][:8]})")
    click.echo(f"  {_line_of_light(concert['phase'])}")
    who = ", ".join(
        f"{clean(one['name'])} {one['share_ppm'] / 10_000:.4g} %" for one in concert["performers"]
    )
    click.echo(
        f"  with {who}" + (f"; now playing {clean(concert['song'])}" if concert["song"] else "")
    )
    crowd = concert["crowd"]
    click.echo(
        f"  {many(crowd['ballots'], 'opinion')} cast, {many(crowd['here'], 'page')} open here, "
        f"{many(crowd['guests'], 'guest')}; {concert['expected']:,} expected"
    )
    if concert["waiting_for"]:
        click.echo(f"  Waiting: {concert['waiting_for']}")
    hint(f"  {concert['next']}")
    if concert["mine"] is not None:
        tell_mine(concert["mine"])
    if concert["subcoin"] is not None:
        tell_subcoin(concert["subcoin"])
    for comment in concert["comments"][-MAX_COMMENTS:]:
        who = "a guest" if comment["who"] is None else clean(comment["who"]["name"])
        hidden = " (hidden)" if comment["hidden"] else ""
        click.echo(f"  {who}, {_tenths(comment['score_ppm'])}: {clean(comment['text'])}{hidden}")


def tell_mine(mine: dict[str, Any]) -> None:
    """What the user said of it, and what became of that."""
    how = f" ({clean(mine['method'])})" if mine["method"] else ""
    felt = f", {clean(', '.join(mine['tags']))}" if mine["tags"] else ""
    click.echo(f"  You: {_tenths(mine['score_ppm'])}{how}{felt}; {mine['state']}")
    if mine["minted_ujam"]:
        click.echo(f"  Your word made {mine['minted_ujam'] / 1e6:.6f} JAM for them.")
    if mine["why"]:
        hint(f"  {mine['why']} {mine['next']}")


def tell_subcoin(coin: dict[str, Any]) -> None:
    """The coins that a crowd made, with what it said."""
    click.echo(
        f"\n  The crowd's coin: {coin['minted_ujam'] / 1e6:.6f} JAM by "
        f"{many(coin['crowd'], 'rating')}, {_tenths(coin['mean_score_ppm'])} on average"
    )
    for share in coin["shares"]:
        click.echo(f"    {share['amount_ujam'] / 1e6:.6f} JAM  {clean(share['name'])}")
    if coin["value_ujam"] is not None:
        click.echo(f"    worth {coin['value_ujam'] / 1e6:.6f} to you, all of it together")
    most = max(coin["scores"]) or 1
    for score, count in enumerate(coin["scores"]):
        if count:
            click.echo(f"    {score:2} {'█' * max(1, BAR * count // most)} {count}")
    if coin["feelings"]:
        felt = (f"{clean(one['tag'])} {one['count']}" for one in coin["feelings"])
        click.echo(f"    It felt like: {', '.join(felt)}.")


def tell_door(door: dict[str, Any] | None) -> None:
    """How guests come in: a code to scan, and one to type."""
    if door is None:
        click.echo("The door is shut.")
        return
    import segno  # here, because `popctl` must answer at once

    drawn = io.StringIO()
    segno.make(door["url"], error="m", micro=False).terminal(out=drawn, compact=True)
    click.echo("\nPeople in the same network scan this, and rate as your guests:\n")
    click.echo(drawn.getvalue())
    code = f"{door['code'][:3]} {door['code'][3:]}"
    click.echo(f"or open {door['address']} and type  {code}\n")
    click.echo(f"{many(door['guests'], 'guest')} came so far; {door['most']:,} find a seat.")


def _line_of_light(phase: str) -> str:
    reached = STEPS.index(phase)
    return " ".join(f"{'●' if n <= reached else '○'} {step}" for n, step in enumerate(STEPS))


def _tenths(score_ppm: int) -> str:
    return f"{score_ppm / 100_000:.3g} of 10"
