"""A profile in Chinese sentences: who does what until when, and what the mechanism does not say."""

from collections.abc import Iterator

from lianshang.kernel.profile_limits import Duty, Limit, Special
from lianshang.kernel.profile_values import ANY_DUTY, Extension, Near, Profile, Rate, Return, Rung, Vocabulary

RECEIPT_WORDS = {
    "as-received": "休息日收到的，从下一个工作日起算第 1 日。",
    "next-working-day": "休息日收到的，视为下一个工作日收到，再下一个工作日才是第 1 日。",
}


def chapters(profile: Profile) -> list[tuple[str, list[str]]]:
    """What the profile says, one sentence each, in the order of the file, under headings; those with nothing to say are left out."""
    told = [
        ("分类和起算", _opening(profile)),
        ("时限", _duties(profile)),
        ("退单、延期、停钟", _windows(profile)),
        ("重办、回访、挂账", _following(profile)),
        ("提醒和督办", _reminders(profile)),
        ("口径", (_rate(rate, profile.vocabulary) for rate in profile.rates)),
    ]
    return [(heading, said) for heading, sentences in told if (said := list(sentences))]


def describe(profile: Profile) -> list[str]:
    """The same without headings."""
    return [sentence for _, sentences in chapters(profile) for sentence in sentences]


def limit_words(limit: Limit | None) -> str:
    return str(limit) if limit else "不计时"


def _opening(profile: Profile) -> Iterator[str]:
    yield f"机制方案“{profile.label}”，代号 {profile.name}。"
    if profile.basis:
        yield f"依据：{profile.basis.removesuffix('。')}。"
    yield f"诉求分为{'、'.join(profile.kinds)}，没有写明的按{profile.default_kind}。"
    yield f"紧急程度分为{'、'.join(profile.urgencies)}，没有写明的按{profile.default_urgency}。"
    yield RECEIPT_WORDS[profile.receipt]


def _duties(profile: Profile) -> Iterator[str]:
    words = profile.vocabulary
    for duty in profile.duties:
        yield f"{words.duty(duty.name)}：{_duty(duty)}。"
    named = {duty.name for duty in profile.duties}
    silent = [label for name, label in words.duties.items() if name not in named]
    if silent:
        yield f"没有规定时限、因而不计时的：{'、'.join(silent)}。"


def _duty(duty: Duty) -> str:
    plain = [limit_words(duty.limit)] if duty.limit else []
    clauses = plain + [f"{_whose(special)}，{limit_words(special.limit)}" for special in duty.specials]
    if duty.limit is None and any(special.limit for special in duty.specials):
        clauses.append("其余不计时")
    return "；".join(clauses) or "不计时"


def _whose(special: Special) -> str:
    return "且".join(word for word in (special.kind, special.urgency) if word) + "的"


def _windows(profile: Profile) -> Iterator[str]:
    words = profile.vocabulary
    yield _extension(profile.extension, words) if profile.extension else "没有规定延期。"
    yield _return(profile.returns, words) if profile.returns else "没有规定退单。"
    for pause in profile.pauses:
        yield f"{pause.cause}期间不计时{f'（{pause.basis}）' if pause.basis else ''}。"


def _extension(extension: Extension, words: Vocabulary) -> str:
    who = f"（{'、'.join(extension.kinds)}）" if extension.kinds else ""
    clauses = [f"可以申请 {extension.times} 次" if extension.times else "可以申请，次数没有规定"]
    clauses += [f"每次不超过 {extension.at_most}"] if extension.at_most else []
    clauses += [f"连同延期总共不超过 {extension.total}"] if extension.total else []
    clauses += [f"最早在到期前 {extension.earliest}申请"] if extension.earliest else []
    clauses += [f"最迟在到期前 {extension.latest}申请"] if extension.latest else []
    clauses += [f"由{words.party(extension.approver)}批准"] if extension.approver else []
    clauses += [f"超出的由{words.party(extension.beyond)}决定"] if extension.beyond else []
    return f"{words.duty(extension.duty)}延期{who}：{'，'.join(clauses)}。"


def _return(returns: Return, words: Vocabulary) -> str:
    clauses = [f"在{words.duty(returns.window)}内申请并说明理由"]
    clauses += [f"同一单位同一件最多 {returns.times} 次"] if returns.times else []
    clauses += [f"由{words.party(returns.ruled_by)}裁定"] if returns.ruled_by else []
    clauses += ["裁定后不得再退"] if returns.final else []
    return f"退单：{'，'.join(clauses)}。"


def _following(profile: Profile) -> Iterator[str]:
    words = profile.vocabulary
    if rework := profile.rework:
        yield f"退回重办最多 {rework.times} 次，再不解决的提级到{words.party(rework.escalate_to)}。"
    if profile.callback:
        yield f"回访最多联系 {profile.callback.attempts} 次，仍联系不上的记为未访到。"
    if deferral := profile.deferral:
        approver = f"由{words.party(deferral.approver)}批准" if deferral.approver else "批准人没有规定"
        every = f"，每 {deferral.review_every}复核一次" if deferral.review_every else ""
        at_most = f"，最长 {deferral.at_most}" if deferral.at_most else ""
        yield f"挂账{approver}{every}{at_most}。"


def _reminders(profile: Profile) -> Iterator[str]:
    yield _near(profile.near)
    yield from (_rung(rung, profile.vocabulary) for rung in profile.ladder)


def _near(near: Near) -> str:
    used = f"时限用去 {near.fraction:.0%}"
    return f"{used}，或只剩 {near.remaining}，先到为准，显示临期。" if near.remaining else f"{used}，显示临期。"


def _rung(rung: Rung, words: Vocabulary) -> str:
    duty = "任何事项" if rung.duty == ANY_DUTY else words.duty(rung.duty)
    when = {"before": f"到期前 {rung.by}", "near": "临期时", "at": "到期未办", "after": f"超期 {rung.by}"}[rung.moment]
    return f"{duty}{when}：{rung.level}，告知{'、'.join(map(words.party, rung.reach))}。"


def _rate(rate: Rate, words: Vocabulary) -> str:
    note = f"{rate.note.removesuffix('。')}。" if rate.note else ""
    return f"{rate.label}：分母是{words.count(rate.denominator)}，分子是{words.count(rate.numerator)}。{note}"
