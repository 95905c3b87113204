from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from lianshang.web.templatetags import web

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def render(source, **context):
    return Template("{% load web %}" + source).render(Context(context))


def test_when_shows_the_moment_in_the_parks_zone():
    shown = web.when(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), NOON)

    assert shown == '<time datetime="2026-11-23T17:00+08:00">11月23日 周一 17:00</time>'


def test_when_names_another_year():
    shown = web.when(datetime(2027, 1, 4, 1, 30, tzinfo=UTC), NOON)

    assert ">2027年1月4日 周一 09:30<" in shown


def test_when_reckons_the_year_in_the_parks_zone():
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)

    assert web.moment_words(new_year, NOON) == "2027年1月1日 周五 00:30"
    assert web.moment_words(new_year, new_year) == "1月1日 周五 00:30"


def test_day_takes_a_moment_to_its_date():
    shown = [
        web.day(value, date(2026, 11, 23)) for value in (date(2026, 11, 23), datetime(2026, 11, 22, 17, tzinfo=UTC))
    ]

    assert shown == ['<time datetime="2026-11-23">11月23日 周一</time>'] * 2


def test_times_print_a_dash_for_nothing():
    assert [web.when(None), web.day(None), web.figures(None)] == ["—", "—", "—"]


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (1234, "1,234"), (Decimal("21.16"), "21.16"), (1234567.5, "1,234,567.5")]
)
def test_figures_keep_their_decimals(value, shown):
    assert web.figures(value) == shown


@pytest.mark.parametrize("state", [state for state in web.LIGHTS if state != "none"])
def test_light_has_word_and_shape(state):
    shown = render("{% light state None '还有 3 小时' provisional=True %}", state=state)

    assert f"<b>{web.LIGHTS[state]}</b>" in shown
    assert "light-shape" in shown
    assert "还有 3 小时" in shown
    assert "暂按" in shown


def test_light_of_a_window_that_is_past_says_just_that():
    past, never = web.light("none", None, "已过"), web.light("none")

    assert "<b>已过</b>" in past
    assert "无时限" not in past
    assert "<b>无时限</b>" in never


def test_label_without_a_value_is_left_out():
    shown = render('{% include "web/_kv.html" with rows=rows %}', rows=[("地点", "东门"), ("外部编号", "")])

    assert "东门" in shown
    assert "外部编号" not in shown


def test_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in web.icon("bell")
    assert 'aria-label="通知"' in web.icon("bell", "通知")


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="写全名。")
    agree = forms.BooleanField(label="同意", required=False)
    kind = forms.ChoiceField(
        label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect, help_text="选一个。"
    )


def test_field_ties_label_help_and_error_to_the_input():
    shown = render("{% field form.name inputmode='text' %}", form=Sample({}))

    assert '<label class="form-label" for="id_name">姓名</label>' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext">写全名。' in shown
    assert 'id="id_name_error">这一项还没有填。' in shown
    assert 'inputmode="text"' in shown


def test_field_groups_choices():
    shown = render("{% field form.kind %}", form=Sample())

    assert "<fieldset" in shown
    assert "<legend>类别</legend>" in shown
    assert shown.count('type="radio"') == 2


def test_field_escapes_what_was_typed():
    shown = render("{% field form.name %}", form=Sample({"name": '"><script>'}))

    assert "<script>" not in shown
