//! The care itself: talks, letters and calls, contacts with guardians, surveys; and the shares that come from the duties.

use crate::figure::{By, Figure, How, Owed, Test, Who, of, plain, unit::*};
use tx_base::t;

const KIDS: How = How::People(Who::Children, None);

pub(crate) static ALL: &[Figure] = &[
    plain("care.coverage", t("应做的做到了", "Care done of care owed"), PERSON_TIMES, How::Reached(Owed::Everything),
        t("期内到期的各项关爱任务里做到了的；免做的不算在内", "duties of staff about children that were settled, of all whose window began in the period; excused ones are left out")).by(By::Period),
    plain("care.excused", t("免做的", "Excused"), PERSON_TIMES, How::Reached(Owed::Excused), t("期内写明原因免做的关爱任务，另算", "duties excused with a reason in the period, counted apart")).by(By::Period),
    plain("talks.reached", t("谈心覆盖", "Heart-talks: children reached"), PERSON_TIMES, How::Reached(Owed::Monthly("heart_talk")),
        t("每个月应谈的孩子里谈到了的，逐月相加；两个数都给，免谈的不算", "of the children to be talked with in each month those who were, added over the months; excused ones are left out")).by(By::Month),
    plain("letters_calls.monthly", t("书信通话覆盖", "Letters and calls: children reached"), PERSON_TIMES, How::Reached(Owed::Monthly("family_call")),
        t("每个月应给父母写信或通话的孩子里做到了的，逐月相加", "of the children who were to write or call home in each month those who did, added over the months")).by(By::Month),
    plain("guardian_talks.monthly", t("监护人联系覆盖", "Guardian contacts: children reached"), PERSON_TIMES, How::Reached(Owed::Monthly("guardian_talk")),
        t("每个月应联系监护人的孩子里联系了的，逐月相加；打电话也算", "of the children whose guardian was to be talked with in each month those whose guardian was, added over the months; a phone call counts")).by(By::Month),
    plain("surveys.reached", t("摸底覆盖", "Surveys: children reached"), PERSON_TIMES, How::Reached(Owed::All("survey")), t("每个时段应摸底的孩子里摸到了的", "of the children to be surveyed in each period those who were")).by(By::Period),
    of("talks.times", t("谈心次数", "Heart-talks"), TIMES, &["heart_talk"], How::Records, t("期内做了的谈心记录数", "heart-talks done in the period")).by(By::Month),
    of("talks.children", t("谈过心的孩子", "Children talked with"), CHILDREN, &["heart_talk"], KIDS, t("期内谈过心的孩子，一人算一次", "children with a heart-talk in the period, each once")),
    of("guardian_talks.times", t("监护人联系次数", "Guardian contacts"), TIMES, &["guardian_talk"], How::Records, t("期内做了的与监护人谈话的记录数", "talks with guardians done in the period")).by(By::Month),
    of("family_calls.person_times", t("亲情通话", "Calls home"), PERSON_TIMES, &["family_call"], How::PersonTimes, t("期内做了的亲情通话里孩子的行数", "children's lines in calls home done in the period")).by(By::Month),
    of("family_calls.children", t("通过话的孩子", "Children who called home"), CHILDREN, &["family_call"], KIDS, t("期内通过话的孩子，一人算一次", "children with a call home in the period, each once")),
    of("family_letters.person_times", t("亲情书信", "Letters home"), PERSON_TIMES, &["family_letter"], How::PersonTimes, t("期内做了的亲情书信里孩子的行数", "children's lines in letters home done in the period")).by(By::Month),
    of("surveys", t("摸底", "Surveys"), TIMES, &["survey"], How::Records, t("期内做了的摸底记录数", "surveys done in the period")).by(By::Term),
    of("surveys.children", t("摸底到的孩子", "Children surveyed"), CHILDREN, &["survey"], KIDS, t("期内摸底到的孩子，一人算一次", "children surveyed in the period, each once")),
    of("surveys.study", t("学习调查", "Study surveys"), TIMES, &["survey"], How::Records, t("期内做了的、范围是学习调查的摸底记录数", "surveys done in the period whose scope is study")).head(Test::Is("scope", "study")),
    of("cards_home.children", t("寄贺卡回家的孩子", "Children who sent a card home"), CHILDREN, &["card_home"], KIDS, t("期内寄过贺卡回家的孩子，一人算一次", "children who sent a card home in the period, each once")),
    of("cards_home.pieces", t("寄回家的贺卡", "Cards sent home"), t("张", "cards"), &["card_home"], How::Pieces, t("期内寄回家的贺卡张数之和", "sum of the cards sent home in the period")),
    of("essays", t("随笔", "Free essays"), t("篇", "essays"), &["free_essay"], How::PersonTimes, t("期内交来的随笔，一个孩子一行算一篇", "essays handed in in the period, one for each child's line")).by(By::Month),
    of("essays.children", t("写随笔的孩子", "Children who wrote essays"), CHILDREN, &["free_essay"], KIDS, t("期内交过随笔的孩子，一人算一次", "children who handed in an essay in the period, each once")),
    of("health_check.pupils", t("体检的学生", "Pupils checked"), CHILDREN, &["health_check"], KIDS, t("期内体检过的孩子，一人算一次", "children with a health check in the period, each once")),
    of("health_check.items", t("体检项目", "Items of the health check"), ITEMS, &["health_check"], How::Values("items"), t("期内体检做了的不同项目", "different items of the health checks of the period")),
    of("exams", t("考试", "Exams"), TIMES, &["exam"], How::Records, t("期内有成绩的考试记录数", "exams with marks in the period")),
    of("admissions.key_school", t("考入重点学校", "Admitted to the key school"), CHILDREN, &["admission"], How::PersonTimes, t("期内升学记录里写明重点学校的人数；只在给主管部门的报告里", "lines of admissions of the period that say key school; only in a report to the authority")).line(Test::Yes("key_school")).authority(),
    of("admissions.key_school_left_behind", t("其中留守儿童", "Left-behind among them"), CHILDREN, &["admission"], How::PersonTimes, t("考入重点学校的人里，当天算留守儿童的；只在给主管部门的报告里", "of those admitted to the key school, the left-behind of that day; only in a report to the authority")).line(Test::YesAndLeftBehind("key_school")).authority(),
    of("admissions.early", t("提前录取", "Admitted early"), CHILDREN, &["admission"], How::PersonTimes, t("期内升学记录里写明提前录取的人数；只在给主管部门的报告里", "lines of admissions of the period that say admitted early; only in a report to the authority")).line(Test::Yes("early")).authority(),
];
