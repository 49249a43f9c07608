"""Signs that aid is not delivered: named facts in, yes or no out. 政策落实不到位."""

from __future__ import annotations

from typing import Any

from aidlib.rules.helpers import Count, Fen, Flag, no

Day = Any


def month_not_paid(missed_months: Count) -> Flag:
    """应发月份没有发放记录。 A month that had to be paid has no payment.

    Source: 民发〔2021〕57号 第二十五条; 社会救助法 第十八条第一款.

    Examples
    --------
    >>> month_not_paid(1), month_not_paid(0)
    (True, False)
    """
    return missed_months > 0


def underpaid(short_fen: Fen) -> Flag:
    """当月发放少于按规定计算的金额。 Less was paid this month than the rules say, by a fen or more.

    Source: 民发〔2021〕57号 第二十三条; 社会救助法 第十八条第二款.

    Examples
    --------
    >>> underpaid(1), underpaid(0)
    (True, False)
    """
    return short_fen > 0


def price_subsidy_not_paid(subsidy_due_fen: Fen, subsidy_paid_fen: Fen) -> Flag:
    """联动机制启动月份的价格补贴没有发放。 The linkage started in the month and the family got nothing.

    Source: 发改价格〔2021〕1553号; 社会救助法 第三十二条.

    Examples
    --------
    >>> price_subsidy_not_paid(4_200, 0), price_subsidy_not_paid(4_200, 4_200)
    (True, False)
    """
    return (subsidy_due_fen > 0) & (subsidy_paid_fen == 0)


def education_aid_missing(student_known: Flag, entitled_education: Flag, got_education_aid: Flag) -> Flag:
    """在读困难学生未见教育救助。 A poor student of an entitled layer has had no education aid.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十五条.

    Examples
    --------
    >>> education_aid_missing(True, True, False)
    True
    """
    return student_known & entitled_education & no(got_education_aid)


def medical_aid_missing(patient_known: Flag, entitled_medical: Flag, got_medical_aid: Flag) -> Flag:
    """重病患者未见医疗救助。 A serious patient of an entitled layer has had no medical aid.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十四条.

    Examples
    --------
    >>> medical_aid_missing(True, True, True)
    False
    """
    return patient_known & entitled_medical & no(got_medical_aid)


def employment_aid_missing(jobless_known: Flag, entitled_employment: Flag, got_employment_aid: Flag) -> Flag:
    """登记失业人员未见就业救助。 A registered unemployed person of an entitled layer has had no employment aid.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十七条.

    Examples
    --------
    >>> employment_aid_missing(True, True, False)
    True
    """
    return jobless_known & entitled_employment & no(got_employment_aid)


def premium_missing(held_long: Flag, entitled_premium: Flag, got_premium: Flag) -> Flag:
    """认定满一年未见参保资助。 A person recognised for a year has had no premium help.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十四条第二款.

    Examples
    --------
    >>> premium_missing(True, True, False)
    True
    """
    return held_long & entitled_premium & no(got_premium)


def review_overdue(review_due_on: Day, as_of: Day) -> Flag:
    """逾期未定期核查。 The day by which the next review had to be made is past.

    Source: 民发〔2021〕57号 第三十一条第二款; 中办国办2020年意见 第七项.

    Examples
    --------
    >>> from datetime import date
    >>> [review_overdue(day, date(2026, 10, 31)) for day in (date(2026, 10, 30), date(2026, 10, 31))]
    [True, False]
    """
    return review_due_on < as_of
