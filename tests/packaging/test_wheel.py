"""The wheel, installed where nothing of this checkout can be seen, brings all that Medvind reads at run time."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.running_demo import Visitor, assets, nowhere, running_demo

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("bot", "dialogues", "locales", "storage")
BUILT = {f"bot/console/static/built/{name}" for name in ("LICENSES.txt", "editor.js", "flow.js", "preview.js")}
"""What the web build makes (`make web`); it is not checked in."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as it would be given to others."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("medvind-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that holds the wheel; the libraries it needs are borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = ["uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def files_of(room: str) -> set[str]:
    """What the checkout holds of a room."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", room]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = set().union(*(files_of(room) for room in ROOMS), BUILT)
    assert wanted - packed == set()
    assert {name for name in packed - wanted if ".dist-info/" not in name} == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "dialogues/scripts/*.yaml",
        "locales/*/LC_MESSAGES/*.po",
        "storage/migrations/versions/*.py",
        "bot/**/templates/*.html",
        "bot/**/static/*",
        "bot/console/static/built/*.js",
        "bot/demo/*.yaml",
        "bot/plain/avoid/*.yaml",
        "bot/plain/*.txt",
    ],
)
def test_what_is_read_at_run_time_is_installed(python: Path, pattern: str) -> None:
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    assert list(site.glob(pattern))


def run(python: Path, folder: Path, *arguments: str) -> str:
    """What the installed command prints, run in ``folder``."""
    command = [str(python.parent / "medvind"), *arguments]
    done = subprocess.run(command, cwd=folder, env=nowhere(), stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_command_runs_the_installed_code(python: Path, tmp_path: Path) -> None:
    where = [str(python), "-c", "import bot, dialogues, storage; print(bot.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=nowhere(), check=True, stdout=subprocess.PIPE, text=True)
    assert Path(found.stdout.strip()).is_relative_to(python.parent.parent)
    assert "medvind" in run(python, tmp_path, "--help")


def test_the_installed_scripts_are_sound(python: Path, tmp_path: Path) -> None:
    run(python, tmp_path, "check")


def test_the_installed_demo_holds_a_conversation_and_shows_its_pages(python: Path, tmp_path: Path) -> None:
    visitor = Visitor()
    with running_demo(tmp_path, python=str(python)) as demo:
        question = visitor.open_chat(demo.chat)
        assert visitor.answer(demo.chat, question) != question
        for asset in assets(question):
            assert visitor.get(urljoin(demo.chat, asset))
        for link in demo.links:
            assert "<main" in visitor.get(link)


def test_the_installed_demo_speaks_every_language_of_its_catalogues(python: Path, tmp_path: Path) -> None:
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    with running_demo(tmp_path, python=str(python)) as demo:
        for catalogue in (site / "locales").glob("*/LC_MESSAGES"):
            language = catalogue.parent.name
            page = Visitor().open_chat(demo.chat, language)
            assert f'lang="{language.replace("_", "-")}"' in page
