"""Return, extension, pause, consultation, deferral, review, call-back: each with its reason."""

from typing import Any

from lianshang.cases import books, deciders
from lianshang.cases.forms.verbs import VerbForm, closing, date_field, one_of, passage
from lianshang.cases.moments import words
from lianshang.cases.services.decisions import longest_deferral
from lianshang.cases.services.grounds import lead_clock
from lianshang.cases.states import Grade, Way
from lianshang.kernel.deadlines import due
from lianshang.kernel.editions import calendar_of

CALLED = [(way.value, way.label) for way in (Way.PHONE, Way.ONSITE, Way.ONLINE)]
RATED = [("", "没有评价"), *Grade.choices]


class AskReturn(VerbForm):
    reason = passage("退单理由", help_text="写明为什么不属于本单位职责，应由哪个单位办。")

    def prepare(self) -> None:
        """Say the profile's rule: how often, who rules, whether that is final."""
        rule = books.profile_of(self.case.profile_version_id).returns
        if rule is None:
            return
        times = f"可以申请 {rule.times} 次" if rule.times else "可以申请"
        who = deciders.party_words(self.case, rule.ruled_by)
        self.hint = f"签收后在退单期内{times}，由{who}裁定{'，裁定后不得再退' if rule.final else ''}。"


class AskExtension(VerbForm):
    hint = "延期要在到期前申请，理由会告知企业。"
    until = date_field("延到哪一天")
    reason = passage("延期理由")

    def prepare(self) -> None:
        """Say what the deadline is now, and how far it may go."""
        rule = books.profile_of(self.case.profile_version_id).extension
        clock = lead_clock(self.case, rule.duty) if rule else lead_clock(self.case)
        if rule:
            beyond = f"，超出次数或时长的由{deciders.party_words(self.case, rule.beyond)}批准" if rule.beyond else ""
            who = deciders.party_words(self.case, rule.approver)
            self.hint = f"延期要在到期前申请，理由会告知企业。由{who}批准{beyond}。"
        if clock is None:
            return
        said = f"现在的期限是{words(clock.due_at, self.at)}。"
        if rule and rule.at_most:
            last = due(clock.due_at, rule.at_most.n, rule.at_most.unit, calendar_of(clock.calendar_version_id))
            said += f"最多可延到{words(last.at, self.at)}（{rule.at_most}）。"
        self.fields["until"].help_text = said

    def arguments(self) -> dict[str, Any]:
        until = closing(self.case, self.cleaned_data["until"], self.at)
        return {"until": until, "reason": self.cleaned_data["reason"]}


class GrantExtension(VerbForm):
    asking = "ask_extension"
    hint = "同意后期限改到申请的时间，系统告知企业；原期限保留在案。"
    reason = passage("告知企业的原因", rows=2, required=False, help_text="不填就用申请的理由。")


class DenyExtension(VerbForm):
    asking = "ask_extension"
    reason = passage("不同意的理由", rows=2)


class Pause(VerbForm):
    hint = "停钟只限机制方案列明的事由，会书面告知企业。"
    cause = one_of("事由", [])
    reason = passage("具体情况", rows=3)

    def prepare(self) -> None:
        pauses = books.profile_of(self.case.profile_version_id).pauses
        named = [(one.cause, f"{one.cause}（{one.basis}）" if one.basis else one.cause) for one in pauses]
        self.fields["cause"].choices = named


class Resume(VerbForm):
    hint = "恢复计时后，停钟的时间不计，到期时间重新推算。"
    note = passage("情况说明", rows=2, required=False)


class Consult(VerbForm):
    reason = passage("需要研究的问题")


class Conclude(VerbForm):
    result = passage("会商结果", help_text="由谁办、办到什么程度、何时办成。")

    def prepare(self) -> None:
        if deciders.waits_for(self.case):
            self.hint = f"这件已提级，由{deciders.words(self.case)}定。"


class Defer(VerbForm):
    hint = "挂账不是办结：要有承诺的日期，定期复核，企业会看到。"
    reason = passage("客观原因和已采取的措施")
    promised = date_field("承诺办成的日期")

    def prepare(self) -> None:
        """Say the profile's rule: how often it is looked at again, and how far ahead the date may lie."""
        profile = books.profile_of(self.case.profile_version_id)
        every = profile.limit("defer_review", self.case.kind, self.case.urgency)
        rhythm = f"每 {every.span}复核一次" if every and every.span else "定期复核"
        self.hint = f"挂账不是办结：要有承诺的日期，{rhythm}，企业会看到。"
        if bound := longest_deferral(self.case, self.at):
            self.fields["promised"].help_text = f"最迟到{words(bound[0], self.at)}（挂账最长 {bound[1]}）。"

    def arguments(self) -> dict[str, Any]:
        promised_at = closing(self.case, self.cleaned_data["promised"], self.at)
        return {"reason": self.cleaned_data["reason"], "promised_at": promised_at}


class ReviewDeferred(VerbForm):
    result = passage("复核情况", help_text="企业会看到。")


class ResumeDeferred(VerbForm):
    note = passage("情况说明", rows=2, required=False)


class Terminate(VerbForm):
    hint = "终止办理要有书面申请。理由企业会看到。"
    reason = passage("终止的理由")


class Approve(VerbForm):
    asking = "answer"
    hint = "通过后进入回访。答复人不能审核自己的答复。"
    note = passage("审核意见", rows=2, required=False)


class SendBack(VerbForm):
    asking = "answer"
    reason = passage("哪里没有办到")


class CallBack(VerbForm):
    hint = "照企业说的选，不代填。不满意的退回重办。"
    grade = one_of("企业的评价", Grade.choices)
    way = one_of("回访方式", CALLED, Way.PHONE)
    note = passage("企业说了什么", rows=3, required=False)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "solved": True}


class CallBackUnsolved(VerbForm):
    note = passage("哪里没有解决", rows=3)
    grade = one_of("企业的评价", RATED, required=False)
    way = one_of("回访方式", CALLED, Way.PHONE)


class MissCall(VerbForm):
    way = one_of("回访方式", CALLED, Way.PHONE)
    note = passage("情况", rows=2, required=False)


class CloseUnreached(VerbForm):
    hint = "多次未接通或没有留联系方式的，可以先行办结。企业回来说没有解决的，可以重启。"
    note = passage("情况", rows=2, required=False)


class Reopen(VerbForm):
    hint = "有新情况才重启。"
    facts = passage("新情况", rows=3)
