from __future__ import annotations

import pytest
from pydantic import ValidationError

from replygate.sidecar.figure_models import FigureAnswer, LimitAnswer, MetricAnswer


def test_a_limit_has_a_side() -> None:
    assert LimitAnswer.model_validate({"op": "<", "at": 0.5}).op == "<"
    with pytest.raises(ValidationError):
        LimitAnswer.model_validate({"op": "=", "at": 0.5})


def test_a_metric_is_a_figure_with_its_rule() -> None:
    assert set(FigureAnswer.model_fields) < set(MetricAnswer.model_fields)
    assert not MetricAnswer.model_fields["periods"].is_required()
