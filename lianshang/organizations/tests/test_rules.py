"""The rules as the articles have them. No database."""

from datetime import date

import pytest

from lianshang.organizations.rules.building import Firm, Joint, Standing, judge, neighbours, tally, whom_to_join
from lianshang.organizations.rules.kinds import Body, Kind, due_after, may_move_to, restrictions, warnings, years_of
from lianshang.organizations.rules.ratios import ratios
from lianshang.organizations.rules.steps import JOINING, OWN, WORK, Step, steps_for

ROOMY = Joint("货运联合党支部", frozenset({"货运"}), frozenset({"downstream"}), 4, 6)


def standing(**facts):
    return judge([Firm("E001", "甲公司", **facts)], [ROOMY])[0]


def test_branch_rules_article_4_three_full_members_must_build():
    found = standing(full=3)

    assert found.standing is Standing.MUST_BUILD
    assert "第四条" in found.reason


def test_branch_rules_article_4_probationary_members_do_not_count():
    found = standing(full=2, probationary=4)

    assert found.standing is Standing.MUST_JOIN
    assert "预备党员 4 名不计" in found.reason


def test_branch_rules_article_4_holds_although_a_joint_branch_covers_it():
    found = standing(full=3, joints=("货运联合党支部",))

    assert found.standing is Standing.MUST_BUILD
    assert "现由货运联合党支部覆盖" in found.reason


def test_branch_rules_article_5_fewer_than_three_join_the_same_trade_first():
    joints = [Joint("化工联合党支部", frozenset({"化工"}), frozenset(), 2, 4), ROOMY]

    assert whom_to_join(Firm("E001", "甲公司", "货运", full=1), joints) == ("货运联合党支部", "化工联合党支部")


def test_branch_rules_article_5_a_joint_branch_of_five_units_has_no_room():
    full = Joint("满员联合党支部", frozenset({"货运"}), frozenset(), 5, 8)

    assert whom_to_join(Firm("E001", "甲公司", "货运", full=1), [full]) == ()


def test_branch_rules_article_5_neighbours_come_together_to_three_full_members():
    firms = [
        Firm("E001", "甲公司", "货运", full=1),
        Firm("E002", "乙公司", "化工", full=2),
        Firm("E003", "丙公司", "货运", full=1),
        Firm("E004", "丁公司", "货运", full=1, joints=("别的联合党支部",)),
    ]

    assert neighbours(firms[0], firms) == ("丙公司", "乙公司")


def test_branch_rules_article_5_joint_branch_of_six_units_is_warned():
    found = warnings(Body(Kind.JOINT, full=6, members=6, units=6))

    assert found == ["覆盖 6 个单位，联合党支部覆盖单位一般不超过 5 个：《中国共产党支部工作条例（试行）》第五条。"]
    assert warnings(Body(Kind.JOINT, full=6, members=6, units=5)) == []


def test_branch_rules_article_7_a_branch_with_two_full_members_is_warned():
    assert "第七条" in warnings(Body(Kind.BRANCH, full=2, members=5))[0]
    assert "第七条" in judge([Firm("E001", "甲公司", own="甲党支部", full=2)], [])[0].warnings[0]


def test_branch_rules_article_4_a_branch_of_fifty_one_is_warned():
    assert "不超过 50 名" in warnings(Body(Kind.BRANCH, 51, 51, has_committee=True, committee_size=5))[0]


def test_branch_rules_chapter_6_seven_full_members_have_a_committee_of_three_to_seven():
    assert "应当设立支部委员会" in warnings(Body(Kind.BRANCH, 7, 7))[0]
    assert warnings(Body(Kind.BRANCH, 6, 6)) == []
    assert "应为 3 至 7 名" in warnings(Body(Kind.BRANCH, 9, 9, has_committee=True, committee_size=2))[0]
    assert warnings(Body(Kind.BRANCH, 9, 9, has_committee=True, committee_size=3)) == []


def test_branch_rules_article_8_a_temporary_branch_does_not_elect():
    assert "不换届选举" in restrictions(Kind.TEMPORARY)
    assert restrictions(Kind.BRANCH) == ""


@pytest.mark.parametrize(("kind", "years"), [(Kind.BRANCH, 3), (Kind.JOINT, 3), (Kind.GENERAL, 3), (Kind.COMMITTEE, 5)])
def test_terms_three_years_of_branches_and_five_of_committees(kind, years):
    assert years_of(kind) == years
    assert due_after(date(2024, 2, 29), years) == date(2024 + years, 2, 28)


def test_terms_an_election_moves_by_a_year_at_most():
    due = date(2027, 3, 1)

    assert may_move_to(due, date(2028, 3, 1))
    assert not may_move_to(due, date(2028, 3, 5))
    assert not may_move_to(due, date(2026, 2, 1))


def test_coverage_counts_each_enterprise_once_over_those_that_operate():
    firms = [
        Firm("E001", "甲", own="甲党支部", joints=("联合党支部",), full=5),
        Firm("E002", "乙", joints=("联合党支部",), full=1),
        Firm("E003", "丙", instructor="周样"),
        Firm("E004", "丁", outside="停产停业", outside_since=date(2026, 3, 1)),
        Firm("E005", "戊", full=3),
        Firm("E006", "己"),
    ]
    found = judge(firms, [])

    assert [one.standing for one in found] == [
        Standing.OWN, Standing.JOINT, Standing.INSTRUCTOR, Standing.OUTSIDE, Standing.MUST_BUILD, Standing.NOBODY,
    ]  # fmt: skip
    assert tally(found).operating == 5
    assert sum(tally(found).counts.values()) == len(firms)
    assert [(one.part, one.whole, one.percent) for one in ratios(found)] == [
        (2, 5, "40.00"), (1, 5, "20.00"), (3, 5, "60.00"),
    ]  # fmt: skip
    assert "企业只计 1 家" in found[0].warnings[0]
    assert "自 2026-03-01" in found[3].reason


def test_coverage_of_nobody_is_a_dash_and_not_nought():
    assert [one.percent for one in ratios([])] == ["—", "—", "—"]


def test_every_finding_names_its_ground():
    facts = [
        {}, {"instructor": "周样"}, {"full": 1}, {"full": 3}, {"own": "甲党支部", "full": 3},
        {"joints": ("联合党支部",), "full": 1}, {"outside": "已注销"}, {"probationary": 1},
    ]  # fmt: skip

    assert [
        one
        for one in facts
        if not {"条例", "〔2012〕"} & {word for word in ("条例", "〔2012〕") if word in standing(**one).reason}
    ] == []


def test_incubation_steps_elect_nobody_where_an_enterprise_joins():
    assert steps_for(joins=True) == JOINING
    assert Step.ELECT not in JOINING
    assert steps_for(joins=False) == OWN
    assert WORK[Step.REPLY].days == 30
