//! Activities, contests, practice in society, lectures.

use crate::figure::{By, Figure, How, Test, Who, of, unit::*};
use tx_base::t;

const ANY: &[&str] = &[
    "activity",
    "contest",
    "habit_contest",
    "outing",
    "trading_day",
    "themed_meeting",
];
const CONTEST: &[&str] = &["contest"];
const OUTING: &[&str] = &["outing"];
const TRADE: &[&str] = &["trading_day"];
const WORKS: Test = Test::Some("works_visited");
const KIDS: How = How::People(Who::Children, None);

pub(crate) static ALL: &[Figure] = &[
    of("activities.done", t("开展的活动", "Activities held"), TIMES, ANY, How::Records, t("期内做了的活动、比赛、实践和主题班队会", "activities, contests, practice and themed meetings held in the period")).by(By::Month),
    of("activities.planned", t("计划中的活动", "Activities planned"), t("场", "activities"), ANY, How::Records, t("期内还在计划中的活动和比赛；没有做的不算做了", "activities and contests of the period that are planned; planned is not done")).planned(),
    of("contests.done", t("举办的比赛", "Contests held"), TIMES, CONTEST, How::Records, t("期内办了的比赛", "contests held in the period")).by(By::Field("sort")),
    of("contests.planned", t("计划中的比赛", "Contests planned"), t("场", "contests"), CONTEST, How::Records, t("期内还在计划中的比赛；没有做的不算做了", "contests of the period that are planned; planned is not done")).planned(),
    of("contest.choir.held_on", t("合唱比赛举行日期", "Day of the choir contest"), DAY, CONTEST, How::Last("held"), t("期内最近一次合唱比赛的举行日期", "day of the last choir contest of the period")).head(Test::Is("sort", "choir")),
    of("contest.choir.participants", t("合唱比赛参加人数", "People in the choir contest"), PERSONS, CONTEST, How::People(Who::Everyone, Some("participants")), t("期内合唱比赛名单上的师生，一人算一次；没有名单的按所填人数", "pupils and staff on the list of the choir contests of the period, each once; the number written where there is no list")).head(Test::Is("sort", "choir")),
    of("contest.singing.held_on", t("歌唱比赛举行日期", "Day of the singing contest"), DAY, CONTEST, How::Last("held"), t("期内最近一次歌唱比赛的举行日期", "day of the last singing contest of the period")).head(Test::Is("sort", "singing")),
    of("contest.singing.edition", t("歌唱比赛第几届", "Edition of the singing contest"), t("届", "edition"), CONTEST, How::Last("edition"), t("期内最近一次歌唱比赛的届数", "edition of the last singing contest of the period")).head(Test::Is("sort", "singing")),
    of("contest.singing.entrants", t("歌唱比赛选手", "Entrants of the singing contest"), PERSONS, CONTEST, How::People(Who::Everyone, Some("participants")), t("期内歌唱比赛名单上的选手，一人算一次；没有名单的按所填人数", "entrants on the list of the singing contests of the period, each once; the number written where there is no list")).head(Test::Is("sort", "singing")),
    of("contest.singing.groups", t("歌唱比赛组数", "Groups of the singing contest"), GROUPS, CONTEST, How::Last("groups"), t("期内最近一次歌唱比赛的组数", "groups of the last singing contest of the period")).head(Test::Is("sort", "singing")),
    of("habit_contests", t("习惯比赛", "Habit contests"), TIMES, &["habit_contest"], How::Records, t("期内办了的习惯比赛", "habit contests held in the period")).by(By::Field("habit")),
    of("exhibitions", t("展览", "Exhibitions"), TIMES, &["activity"], How::Records, t("期内办了的展览", "exhibitions held in the period")).head(Test::Is("sort", "exhibition")),
    of("speeches", t("演讲", "Speeches"), TIMES, &["activity"], How::Records, t("期内办了的演讲活动", "speaking events held in the period")).head(Test::Is("sort", "speech")),
    of("shows", t("演出", "Shows"), TIMES, &["activity"], How::Records, t("期内办了的演出", "shows held in the period")).head(Test::Is("sort", "show")),
    of("themed_meetings", t("主题班队会", "Themed meetings"), TIMES, &["themed_meeting"], How::Records, t("期内开了的主题班队会", "themed class and team meetings of the period")).by(By::Month),
    of("outings", t("社会实践", "Practice outings"), TIMES, OUTING, How::Records, t("期内做了的外出实践", "practice outings of the period")),
    of("outing.works_visited", t("参观企业", "Works visited"), t("家", "works"), OUTING, How::Sum("works_visited", false), t("期内外出实践参观企业数之和", "sum of the works visited on outings of the period")).head(WORKS),
    of("outing.talks_heard", t("听报告", "Talks heard"), t("场", "talks"), OUTING, How::Sum("talks_heard", false), t("期内参观企业的外出实践听报告场数之和", "sum of the talks heard on outings of the period that visited works")).head(WORKS),
    of("outing.children", t("参观企业的孩子", "Children who visited works"), CHILDREN, OUTING, KIDS, t("期内参加过参观企业的外出实践的孩子，一人算一次", "children on outings of the period that visited works, each once")).head(WORKS),
    of("trading.groups", t("经商体验组数", "Groups of the trading day"), GROUPS, TRADE, How::Last("groups"), t("期内最近一次经商体验的组数", "groups of the last trading day of the period")),
    of("trading.groups_roving", t("流动组", "Groups going round"), GROUPS, TRADE, How::Last("groups_roving"), t("期内最近一次经商体验的流动组数", "groups going round on the last trading day of the period")),
    of("trading.groups_stall", t("摆摊组", "Groups with a stall"), GROUPS, TRADE, How::Last("groups_stall"), t("期内最近一次经商体验的摆摊组数", "groups with a stall on the last trading day of the period")),
    of("trading.capital_each", t("每人本金", "Capital for each"), YUAN, TRADE, How::Last("capital_each"), t("期内最近一次经商体验每人的本金", "capital of each child on the last trading day of the period")),
    of("trading.stages", t("经商体验环节", "Stages of the trading day"), t("个", "stages"), TRADE, How::Last("stages"), t("期内最近一次经商体验的环节数", "stages of the last trading day of the period")),
    of("trading.profit", t("经商体验盈利", "Profit of the trading day"), YUAN, TRADE, How::Balance("takings", "advance"), t("期内经商体验各组收入减本金之和", "sum over the groups' accounts of the period: takings less advance")),
    of("lectures", t("讲座", "Lectures"), t("场", "lectures"), &["lecture"], How::Records, t("期内办了的讲座", "lectures held in the period")).by(By::Field("topic")),
    of("lectures.invited", t("外请讲座", "Invited lectures"), t("场", "lectures"), &["lecture"], How::Records, t("期内办了的、主讲人从校外请来的讲座", "lectures of the period whose speaker was invited from outside")).head(Test::Yes("invited")),
];
