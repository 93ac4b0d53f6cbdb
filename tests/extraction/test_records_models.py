"""Models and exemplars with the unit or person that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    Read = Callable[[str], Doc]


@pytest.mark.parametrize(
    ("marked", "owner"),
    [
        (
            "Mô hình “[M|Chợ không rác]” của [U|Hội Phụ nữ xã Đồng Lâm] được nhân rộng.",
            "Hội Phụ nữ xã Đồng Lâm",
        ),
        (
            "Mô hình “[M|Chợ không rác]” do [U|Chi đoàn thôn Hạ] thực hiện từ tháng 3.",
            "Chi đoàn thôn Hạ",
        ),
        ("- Mô hình [M|Chợ không rác] - [U|Hội Phụ nữ xã Đồng Lâm];", "Hội Phụ nữ xã Đồng Lâm"),
        ("Điển hình “[M|Giữ lửa nghề]” của ông [P|Mạc Văn Tựu], [R|Trưởng thôn].", "Mạc Văn Tựu"),
    ],
    ids=["of", "by", "list", "exemplar of a person"],
)
def test_owner_is_read(annotated: Read, marked: str, owner: str) -> None:
    assert [m.owner for m in annotated(f"Nhiều cách làm hay\n{marked}")._.models] == [owner]


def test_exemplar_is_told_from_model(annotated: Read) -> None:
    doc = annotated(
        "Có mô hình “[M|Chợ không rác]” của [U|Hội Phụ nữ xã] và "
        "điển hình “[M|Giữ lửa nghề]” của ông [P|Mạc Văn Tựu]."
    )
    assert [(m.name, m.kind) for m in doc._.models] == [
        ("Chợ không rác", "model"),
        ("Giữ lửa nghề", "exemplar"),
    ]


def test_model_named_twice_is_one_record(annotated: Read) -> None:
    doc = annotated("Mô hình “[M|Chợ không rác]” ra đời.\nNay [M|Chợ không rác] có 40 hộ tham gia.")
    assert len(doc._.models) == 1


def test_movement_of_the_sentence_is_kept(annotated: Read) -> None:
    doc = annotated(
        "Hưởng ứng phong trào “[V|Dân vận khéo]”, [U|Hội Phụ nữ xã] có mô hình “[M|Chợ không rác]”."
    )
    assert [m.movement for m in doc._.models] == ["Dân vận khéo"]
