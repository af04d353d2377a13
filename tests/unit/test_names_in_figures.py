"""What things are called in figures: in a language that is asked for, there, and drawable."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib
import numpy as np
import pytest
from hand import changed
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from siege_sim import figures
from siege_sim.experiment.run import Run, run
from siege_sim.figures import fonts, ground, losses, siege, text

GREEK, CHINESE, JAPANESE = "Θερμοπύλαι", "張家山", "第68師団の戦い"
"""Names of the same kind: the first in letters that the first font has, the others not."""

HILLS = ("張家山", "虎形巢", "五桂嶺", "西禪寺", "歩兵連隊", "戦い", "團", "団")


def thing(**names: str) -> SimpleNamespace:
    return SimpleNamespace(**{"name": "Hill", "name_zh": None, "name_ja": None, **names})


def called(languages: tuple[str, ...], width: int = 80, lines: int = 1, **names: str) -> str:
    return text.named(SimpleNamespace(languages=languages), thing(**names), width, lines)


@pytest.mark.parametrize(
    ("languages", "names", "expected"),
    [
        (("en", "zh", "ja"), {}, "Hill"),
        (("en", "zh", "ja"), {"name_zh": GREEK}, f"Hill {GREEK}"),
        (("en", "zh", "ja"), {"name_ja": GREEK}, f"Hill {GREEK}"),
        (("en", "zh", "ja"), {"name_zh": "Ω", "name_ja": "Ψ"}, "Hill Ω"),
        (("en", "ja"), {"name_zh": "Ω", "name_ja": "Ψ"}, "Hill Ψ"),
        (("zh",), {"name_zh": "Ω", "name_ja": "Ψ"}, "Ω"),
        (("ja", "en"), {"name_ja": "Ψ"}, "Ψ Hill"),
        (("ja",), {"name_zh": "Ω"}, "Hill"),
        ((), {"name_zh": "Ω"}, "Hill"),
        (("en", "zh"), {"name_zh": "Hill"}, "Hill"),
        (("en", "zh"), {"name_zh": CHINESE}, "Hill"),
        (("zh",), {"name_zh": CHINESE}, "Hill"),
        (("en", "zh", "ja"), {"name_zh": CHINESE, "name_ja": "Ψ"}, "Hill Ψ"),
        (("zh",), {"name_zh": "Ω\x07"}, "Hill"),
        (("zh",), {"name": "$Hill$", "name_zh": CHINESE}, r"\$Hill\$"),
    ],
)
def test_the_first_language_that_can_be_drawn_then_the_second_else_english(languages, names, expected) -> None:
    assert called(languages, **names) == expected


def test_a_second_name_that_finds_no_room_is_left_out() -> None:
    assert called(("en", "zh"), width=7, name_zh="ΩΩ") == "Hill ΩΩ"
    assert called(("en", "zh"), width=6, name_zh="ΩΩ") == "Hill"
    assert called(("en", "zh"), width=5, lines=2, name_zh="ΩΩΩΩ") == "Hill\nΩΩΩΩ"


def test_a_chinese_letter_takes_two_columns(monkeypatch) -> None:
    monkeypatch.setattr(text, "drawable", lambda _: True)
    assert called(("en", "zh"), width=10, name_zh=CHINESE) != called(("en", "zh"), width=11, name_zh=CHINESE)


def test_a_font_that_came_after_the_list_of_fonts_was_made_is_found(monkeypatch) -> None:
    family = "DejaVu Sans Mono"
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
    monkeypatch.setattr(fontManager, "ttflist", [font for font in fontManager.ttflist if font.name != family])
    monkeypatch.setattr(fonts, "CHINESE_AND_JAPANESE", (family,))
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: [str(file), __file__])
    assert fonts.families() == [fonts.OWN, family]


def rename(tables: dict[str, Any]) -> None:
    """Give everything of the small scenario a name in Chinese and one in Japanese."""
    tables |= {"title_zh": CHINESE, "title_ja": JAPANESE}
    named = [*tables["sides"].values(), *(item for key in ("formations", "sectors", "calendar") for item in tables[key])]
    for item in [*named, *(position for sector in tables["sectors"] for position in sector["positions"])]:
        item |= {"name_zh": CHINESE, "name_ja": JAPANESE}


@pytest.fixture(scope="module")
def finished() -> Run:
    return run(changed(rename), 5, 5)


def words(figure: Any, finished: Run, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return every text of a figure that is rendered; a letter without a glyph is an error, as every warning is."""
    seen: list[str] = []
    draw = Text.draw
    monkeypatch.setattr(Text, "draw", lambda self, *args, **how: (seen.append(self.get_text()), draw(self, *args, **how))[1])
    assert figures.render(figure, finished, dpi=40).startswith(b"\x89PNG")
    return seen


@pytest.mark.parametrize("figure", [siege, losses, ground], ids=lambda figure: figure.__name__.rpartition(".")[2])
def test_without_a_font_for_them_names_are_english(finished, monkeypatch, figure) -> None:
    monkeypatch.setattr(fonts, "CHINESE_AND_JAPANESE", ())
    seen = " ".join(words(figure, finished, monkeypatch))
    assert "The siege of Tarn" in seen
    assert not set(CHINESE + JAPANESE + "?") & (set(seen) - set("0123456789"))


needs_font = pytest.mark.skipif(len(fonts.families()) == 1, reason="no font with Chinese and Japanese letters is installed")


@pytest.mark.check
@needs_font
@pytest.mark.parametrize(("languages", "own"), [(("zh",), CHINESE), (("ja",), JAPANESE), (("en", "ja"), JAPANESE)])
@pytest.mark.parametrize("figure", [siege, losses, ground], ids=lambda figure: figure.__name__.rpartition(".")[2])
def test_with_a_font_for_them_names_are_in_the_language_asked_for(finished, monkeypatch, figure, languages, own) -> None:
    speaking = Run(finished.scenario.named_in(languages), finished.manifest, finished.columns, finished.daily, finished.kept)
    seen = words(figure, speaking, monkeypatch)
    assert any(own in said for said in seen)
    assert not any("?" in said for said in seen)
    assert any("Tarn" in said for said in seen) == ("en" in languages)


@pytest.mark.check
@needs_font
def test_no_two_letters_are_drawn_as_the_same_box() -> None:
    drawn = [pixels(name) for name in HILLS]
    for index, one in enumerate(drawn):
        assert one.any()
        assert not any(one.shape == other.shape and (one == other).all() for other in drawn[:index])


def pixels(name: str) -> np.ndarray:
    """Return a name as it is drawn, shape (row, column), True where there is ink."""
    with matplotlib.rc_context({"font.family": fonts.families()}):
        figure = Figure(figsize=(3, 0.5), dpi=80)
        figure.text(0.0, 0.2, name, fontsize=20)
        canvas = matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., 0] < 128
