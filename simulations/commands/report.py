"""`popctl simulate report`: a page of what a run found, with its pictures."""

from importlib.util import find_spec
from pathlib import Path

import click

from popd.cli.exit_codes import ExitCode, give_up
from simulations.commands.shared import FOLDER, tell_json
from simulations.findings import answer, settings_found
from simulations.run_folder import RunError, open_run


@click.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the page goes; report.html in the folder if not given.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a sentence.")
def report(folder: Path, out: Path | None, as_json: bool) -> None:
    """Make one page, with pictures and plain words, of the run in FOLDER.

    It needs nothing beside itself: send it to anybody. The pictures lie in FOLDER/pictures as well.
    """
    from simulations.report import report_html
    from simulations.run_pictures import pictures_of

    if find_spec("matplotlib") is None:
        give_up(ExitCode.FAILED, "popctl simulate: pictures need: pip install 'popd[sim]'")
    page = out or folder / "report.html"
    try:
        run = open_run(folder)
        table = run.table()
        page.write_text(report_html(run, table))
        pictures, said = pictures_of(run.plan, table), answer(settings_found(table))
        (folder / "pictures").mkdir(exist_ok=True)
        for picture in pictures:
            (folder / "pictures" / f"{picture.name}.svg").write_text(picture.svg)
    except RunError as error:
        give_up(ExitCode.FAILED, f"popctl simulate: {error}")
    except OSError as error:
        give_up(ExitCode.FAILED, f"popctl simulate: {error.filename or page}: {error.strerror}.")
    if as_json:
        names = [picture.name for picture in pictures]
        tell_json({"report": str(page), "pictures": names, "answer": said})
        return
    click.echo(said)
    click.echo(f"The page: {page}")
