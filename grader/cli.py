"""Arguments and exit codes, nothing else.

0 full marks; 1 graded, less than full marks; 2 wrong usage or nothing to grade; 3 the
grader's own fault, or no space for what it writes; 130 interrupted; 141 nobody reads on, before
it was done.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup

from grader import __version__, curriculum
from grader.model import GraderError, Message, NoSpaceError, UsageError
from grader.sandbox import levels
from grader.sandbox.levels import WeakIsolation
from grader.whole import no_space

if TYPE_CHECKING:
    from grader.answer_key import AnswerKey
    from grader.grade import Gpu
    from grader.model import Report
    from grader.sandbox.launch import Zygote

OK, LESS, USAGE, FAULT, CUT_OFF = 0, 1, 2, 3, 141
PUBLIC_SEED = 0
_MAX_SEED = 2**32 - 1

_zygote: Zygote | None = None
"""Started by __main__ before this module was imported; taken by the run that needs it."""


class Command(TyperCommand):
    """One whose usage line has no braces around what is required."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class Commands(TyperGroup):
    """The commands, and every exercise id or file name as one."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_instructors()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, cmd_name) or _instructors_command(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        word = args[0]
        if self.get_command(ctx, word) is not None:
            return super().resolve_command(ctx, args)
        exercise = curriculum.find(word)
        if exercise or word.endswith((".py", ".ipynb")):
            # The name is what help and errors show.
            return exercise or "exercise-1", self.get_command(ctx, "run"), args
        if word.lower().startswith("ex") or word.isdecimal():
            curriculum.named(word)
        raise UsageError(Message("usage.unknown-command", {"name": word}))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        from typer.core import CompletionItem  # type: ignore[attr-defined]  # re-exported click

        found = [CompletionItem(i) for i in curriculum.ids() if i.startswith(incomplete)]
        return found + super().shell_complete(ctx, incomplete)


def _instructors() -> list[str]:
    """The names of the commands in grader/commands."""
    import pkgutil

    from grader import commands

    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def _instructors_command(name: str) -> Any:
    """The command that the module `name` of grader/commands defines, or None."""
    import importlib

    if not name.isidentifier() or name not in _instructors():
        return None
    module = importlib.import_module(f"grader.commands.{name}")
    alone = typer.Typer(
        rich_markup_mode=None,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    alone.command(name, cls=Command)(module.command)
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=Commands,
    # rich's help would cost 160 ms of imports.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


_status_of_run = CUT_OFF
"""What a run has come to so far, for an end that is not its own: as a shell tells of a program that
wrote into a closed pipe, or a score that is known by then."""


def _exercise_first(words: Sequence[str]) -> list[str]:
    """`--json exercise-1` as `exercise-1 --json`: options belong to the command they follow."""
    for index, word in enumerate(words):
        # A number alone may be an option's.
        spelled = word[:1].isalpha() and curriculum.find(word)
        if words[0].startswith("-") and spelled:
            return [word, *words[:index], *words[index + 1 :]]
    return list(words)


def run(words: Sequence[str], zygote: Zygote | None = None) -> int:
    """Runs the command line `words` and gives the exit code."""
    global _zygote
    _zygote = zygote
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever called
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - stays open
        # A terminal that cannot show a character gets a "?", not a traceback.
        getattr(sys, name).reconfigure(errors="replace")
    try:
        result = app(args=_exercise_first(words), prog_name="grade", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else OK
    except UsageError as error:
        return _complain(_words(error.message), USAGE)
    except WeakIsolation as error:
        return _complain(_words(Message("grader.isolation", {"why": str(error)})), FAULT)
    except NoSpaceError as error:
        return _full(error.message)
    except GraderError as error:
        return _complain(_words(Message("grader.fault", {"why": str(error)})), FAULT)
    except ModuleNotFoundError as error:
        from grader.commands import EXTRAS

        module = (error.name or "").partition(".")[0]
        if module not in EXTRAS:
            raise
        params = {"module": module, "extra": EXTRAS[module]}
        return _complain(_words(Message("usage.missing-extra", params)), USAGE)
    except KeyboardInterrupt:
        return 130
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has had enough (`| head`); typer makes an exit of that.
        _print_no_more()
        return _status_of_run
    except Exception as error:
        # typer's own errors (a bad option, a missing argument) know how to say what is wrong;
        # their classes are private to it, so they are told by what they can do.
        if hasattr(error, "format_message"):
            command = getattr(getattr(error, "ctx", None), "command_path", "grade")
            params = {"why": error.format_message().rstrip("."), "command": command}
            return _complain(_words(Message("usage.typer", params)), USAGE)
        if type(error).__name__ == "Abort":
            return 130
        if type(error).__name__ == "Exit":
            return int(getattr(error, "exit_code", OK))
        # Whoever else writes, names a file or says itself what is full.
        if isinstance(error, OSError) and no_space(error) and error.filename is None:
            _print_no_more()
            return _full(Message("grader.output-full"))
        if "GRADE_DEBUG" in os.environ:
            raise
        params = {"why": f"{type(error).__name__}: {error}"}
        return _complain(_words(Message("grader.unforeseen", params)), FAULT)
    finally:
        if _zygote is not None:
            _zygote.close()


def _print_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _full(message: Message) -> int:
    return _complain(f"{_words(message)} {_words(Message('grader.make-room'))}", FAULT)


def _complain(text: str, status: int) -> int:
    with contextlib.suppress(OSError):  # nobody hears it: the status still tells
        print(f"grade: {' '.join(text.split())}", file=sys.stderr)
    return status


def _words(message: Message) -> str:
    from grader.reports.words import shown  # not before there is something to say

    return shown(message)


def _complete(incomplete: str) -> list[str]:
    return [i for i in curriculum.ids() if i.startswith(incomplete)]


def _colour(no_color: bool) -> bool | None:
    """False where colour is unwanted; None leaves it to whether this is a terminal."""
    plain = no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return False if plain else None


def _can_show(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _width() -> int:
    return max(40, min(shutil.get_terminal_size((80, 24)).columns, 100))


# --- commands ---------------------------------------------------------------------------------

Exercise = Annotated[str, typer.Argument(help="e.g. exercise-1", autocompletion=_complete)]
Json = Annotated[bool, typer.Option("--json", help="The result document on standard output.")]
Seed = Annotated[int, typer.Option(help="Draws the cases; 0 is the course's own.")]
Timeout = Annotated[float, typer.Option(help="Seconds of computing a file may take.")]
Isolation = Annotated[
    int | None,
    typer.Option(
        "--require-isolation", min=1, max=5, metavar="LEVEL",
        help="Run nothing where isolation is weaker: 1 to 5, see `grade doctor`.",
    ),
]  # fmt: skip
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour.")]


@app.callback(invoke_without_command=True)
def main(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="The version.")] = False,
    no_color: NoColor = False,
) -> int:
    """Checks exercises about neural networks and says what was misunderstood.

    \b
    grade exercise-1 [FILE]  checks your file: points, feedback, score
    grade exercise-1 --help  shows its options: as a page, as JSON, more time
    grade                    shows where you stand
    """
    ctx.obj = {"no_color": no_color}
    if version:
        print(f"grade {__version__}")
        raise typer.Exit
    return OK if ctx.invoked_subcommand else _status(no_color)


class _Run(TyperCommand):
    """Called as `grade exercise-1`: the exercise is the command's name, and no argument."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        hidden = [p for p in self.params if getattr(p, "hidden", False)]
        left_out = [piece for parameter in hidden for piece in parameter.get_usage_pieces(ctx)]
        return [piece for piece in super().collect_usage_pieces(ctx) if piece not in left_out]


@app.command("run", cls=_Run, hidden=True)
def run_exercise(
    ctx: typer.Context,
    exercise: Annotated[str, typer.Argument(hidden=True)],
    file: Annotated[Path | None, typer.Argument(help="Your file.")] = None,
    json: Json = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The result as JUnit XML too.")
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(metavar="FILE", help="As Gradescope's results.json too.")
    ] = None,
    classroom50: Annotated[
        Path | None, typer.Option(metavar="FILE", help="As Classroom 50's result.json too.")
    ] = None,
    seed: Seed = PUBLIC_SEED,
    timeout: Timeout = 5.0,
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        typer.Option(help="cuda: what needs a GPU runs too, where there is one."),
    ] = "auto",
    require_isolation: Isolation = None,
    no_color: NoColor = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="The result as a page too.")
    ] = None,
) -> int:
    """Check a file: by default exercise_N.py in this folder or in exercises/."""
    from grader import submission

    if not 0 <= seed <= _MAX_SEED:
        raise UsageError(Message("usage.bad-seed"))
    if not 0.1 <= timeout <= 3600:
        raise UsageError(Message("usage.bad-timeout"))
    named = curriculum.find(exercise)
    if named is None:  # `grade exercise_1.py`
        file = Path(exercise)
        named = submission.exercise_of(file.name)
        if named is None:
            id_ = "usage.which-exercise" if file.exists() else "submission.missing-file"
            raise UsageError(Message(id_, {"name": exercise, "file": exercise}))
        named = curriculum.named(named)
    elif file is not None and submission.exercise_of(file.name) not in (None, named):
        other = submission.exercise_of(file.name)
        params = {"path": str(file), "other": other, "exercise": named}
        raise UsageError(Message("usage.not-this-exercise", params))
    if device == "cuda" and not any(c.on_gpu for c in curriculum.load(named).checks):
        raise UsageError(Message("usage.no-gpu-check", {"exercise": named}))
    path = file or submission.find(named, Path())
    exports = {"junit": junit, "gradescope": gradescope, "classroom50": classroom50, "html": html}
    for target in exports.values():
        if target is not None and target.resolve() == path.resolve():
            raise UsageError(Message("export.over-file", {"path": str(target)}))
    report = _grade_file(path, named, seed, timeout, require_isolation, device)
    global _status_of_run
    _status_of_run = OK if report.status == "passed" else LESS
    if json:
        _print_json(report)
    else:
        _print_report(report, path, no_color or ctx.obj["no_color"])
    _remember(path, report)
    if any(exports.values()):
        from grader.reports.exports import single

        single.write(report, str(path), exports)
    return _status_of_run


def _grade_file(
    path: Path,
    exercise: str,
    seed: int,
    timeout: float,
    require_isolation: int | None,
    device: str,
) -> Report:
    global _zygote
    from grader import answer_key, grade, submission
    from grader.sandbox.supervisor import Limits, Sandbox

    read = submission.read(path, exercise)

    def build() -> answer_key.AnswerKey:
        from grader.build_key import build

        print(_words(Message("grader.building", {"exercise": exercise})), file=sys.stderr)
        return build(curriculum.load(exercise), seed)

    key = answer_key.get(exercise, seed, build)
    zygote, _zygote = _zygote, None
    if zygote is not None and (key.packages != ("numpy",) or require_isolation is not None):
        zygote.close()
        zygote = None
    limits = Limits(cpu_seconds=timeout, wall_seconds=3 * timeout)
    required = require_isolation or 5
    gpu = _gpu(key, device, required)
    with Sandbox(zygote) if zygote else Sandbox.launch(key.packages, required=required) as sandbox:
        return grade.grade(read, key, sandbox, limits, gpu=gpu)


def _gpu(key: AnswerKey, device: str, required: int) -> Gpu:
    """Where calls that need a GPU are made, or why they are not.

    Never unasked: there a file is held less than at every level that is for anything, and the
    file may be somebody else's.
    """
    if device == "cpu":
        return Message("gpu.cpu-asked")
    if not levels.has_gpu():
        return Message("gpu.none")
    if device == "auto":
        return Message("gpu.offered", {"exercise": key.exercise})
    if required < levels.NOTHING:
        return Message("gpu.isolation", {"level": required})
    from grader.sandbox.portable import PortableSandbox

    return PortableSandbox(key.packages, device="cuda")


def _remember(path: Path, report: Report) -> None:
    from grader import progress

    standing = progress.Standing(report.score, report.max_score)
    progress.record(path.parent, report.exercise, standing)


def _print_json(report: Report) -> None:
    from json import dumps

    from grader.reports.document import document

    print(dumps(document(report), indent=2, allow_nan=False))


def _print_report(report: Report, path: Path, no_color: bool) -> None:
    from grader.reports import terminal

    ids = curriculum.ids()
    place = ids.index(report.exercise)
    after = ids[place + 1] if place + 1 < len(ids) else None
    plain = not _can_show("✓✗", sys.stdout.encoding)
    shown = terminal.lines(report, str(path), width=_width(), after=after, ascii_only=plain)
    for line in shown:
        typer.echo(line, color=_colour(no_color))
    if {"level-4", "level-5"} & {*report.isolation}:
        names = ", ".join(report.isolation)
        print(_words(Message("report.trusted-only", {"isolation": names})), file=sys.stderr)
    if any(name.startswith("gpu:") for name in report.isolation):
        print(_words(Message("report.gpu-isolation")), file=sys.stderr)


def _status(no_color: bool) -> int:
    """Where I stand: every exercise, the best score, what is next."""
    from grader import progress
    from grader.reports import terminal

    known = progress.standings(Path(), Path("exercises"))
    for line in terminal.standings(_titles(), known):
        typer.echo(line, color=_colour(no_color))
    return OK


def _titles() -> dict[str, str]:
    return {id_: curriculum.load(id_).title for id_ in curriculum.ids()}


@app.command("list")
def list_exercises(
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """All exercises, with what each is about."""
    if json:
        from json import dumps

        exercises = map(curriculum.load, curriculum.ids())
        fields = ("id", "title", "topic", "builds_on")
        print(dumps([{name: getattr(e, name) for name in fields} for e in exercises], indent=2))
    else:
        for exercise in map(curriculum.load, curriculum.ids()):
            after = ", ".join(id_.removeprefix("exercise-") for id_ in exercise.builds_on)
            after = _words(Message("list.builds-on", {"exercises": after})) if after else ""
            typer.echo(f"{exercise.id:<12} {exercise.title:<38} {after}".rstrip())
    return OK


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to.")] = Path("exercises"),
    notebook: Annotated[bool, typer.Option("--notebook", help="As notebooks.")] = False,
) -> int:
    """Your own copy of the exercises; a file that is there already stays."""
    import shlex

    from grader import exercises

    written = exercises.copy_to(folder, notebook=notebook)
    for path, new in written:
        typer.echo(_words(Message("init.wrote" if new else "init.kept", {"path": str(path)})))
    first, path = curriculum.ids()[0], written[0][0]
    found = folder in (Path("exercises"), Path())
    command = f"grade {first}" if found else shlex.join(("grade", first, str(path)))
    typer.echo("\n" + _words(Message("init.open", {"path": str(path), "command": command})))
    return OK


@app.command(cls=Command)
def hint(exercise: Exercise) -> int:
    """One hint more each time."""
    from grader import progress
    from grader.reports import terminal

    id_ = curriculum.named(exercise)
    hints = curriculum.load(id_).hints
    folder = Path("exercises") if Path("exercises").is_dir() else Path()
    standing = progress.standings(Path(), Path("exercises")).get(id_, progress.Standing())
    taken = min(standing.hints + 1, len(hints))
    for number, text in enumerate(hints[:taken], 1):
        typer.echo("\n".join(terminal.hint(number, text, _width())))
    rest = len(hints) - taken
    params = {"rest": rest, "exercise": id_}
    typer.echo("\n" + _words(Message("hint.more" if rest else "hint.last", params)))
    progress.record(folder, id_, progress.Standing(standing.score, standing.max_score, hints=taken))
    return OK


@app.command()
def verify(
    exercises: Annotated[list[str] | None, typer.Argument(help="Which; all by default.")] = None,
    seeds: Annotated[int, typer.Option(help="How many random seeds beside the public one.")] = 0,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
) -> int:
    """Prove the course: worked answers pass, stubs and wrong answers do not, keys hold."""
    import gc

    from grader import verify as course
    from grader.reports import verification

    gc.enable()
    if not 0 <= seeds <= 100_000:
        raise UsageError(Message("usage.seeds"))
    chosen = [curriculum.named(word) for word in exercises or curriculum.ids()]
    root = course.repository()
    findings = course.verify(root, chosen, seeds, workers, progress=verification.progress())
    verification.table(findings, seeds)
    if junit is not None:
        verification.write_junit(findings, junit)
    if any(f.problems for f in findings):
        return LESS
    if (nothing := findings[0].skipped) is not None and all(f.skipped for f in findings):
        raise UsageError(nothing)
    return OK


@app.command()
def doctor() -> int:
    """What isolation, torch and CUDA this machine gives."""
    from grader import doctor as machine

    for name, value in machine.findings():
        typer.echo(f"{name:<12} {value if isinstance(value, str) else _words(value)}")
    return OK
