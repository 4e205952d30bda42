//! Children and those who stand by them: the list, key children, pairings.

use crate::figure::{Bond, Figure, How, Pair, Set, plain, unit::*};
use tx_base::t;

pub(crate) static ALL: &[Figure] = &[
    plain("children.left_behind", t("留守儿童", "Left-behind children"), CHILDREN, How::Children(Set::LeftBehind),
        t("期内按本校口径算留守过的孩子，一人算一次；按期末所在的班分", "children who were left-behind at any time of the period under the school's definition, each once; split by the class at its end")).by(crate::figure::By::Class),
    plain("children.left_behind_girls", t("留守女童", "Left-behind girls"), CHILDREN, How::Children(Set::Sex("f")), t("期内算留守过的女孩", "girls among the left-behind of the period")),
    plain("children.left_behind_boys", t("留守男童", "Left-behind boys"), CHILDREN, How::Children(Set::Sex("m")), t("期内算留守过的男孩", "boys among the left-behind of the period")),
    plain("children.boarders", t("寄宿的留守儿童", "Left-behind boarders"), CHILDREN, How::Children(Set::Boarders), t("期内算留守过、现在寄宿的孩子", "left-behind children of the period who board now")),
    plain("children.joined", t("新增留守儿童", "Newly left-behind"), CHILDREN, How::Children(Set::Joined), t("留守从期内某天开始的孩子", "children whose spell began in the period")),
    plain("children.parents_home", t("不再留守的孩子", "No longer left-behind"), CHILDREN, How::Children(Set::Left), t("留守在期内某天结束的孩子", "children whose spell ended in the period")),
    plain("children.key", t("重点帮扶对象", "Key children"), CHILDREN, How::Children(Set::Key), t("期内列为重点帮扶对象的孩子，一人算一次", "children marked as key children at any time of the period, each once")).by(crate::figure::By::Class),
    plain("children.key_with_helper", t("有帮扶老师的重点对象", "Key children with a helping teacher"), CHILDREN, How::Children(Set::KeyWithHelper), t("重点帮扶对象里写明了帮扶老师的孩子", "key children for whom a helping teacher is named")).by(crate::figure::By::Class),
    plain("children.pupils", t("建档学生", "Pupils on file"), CHILDREN, How::Children(Set::Pupils), t("期内在本校某个班的孩子，一人算一次", "children in a class of the school at any time of the period, each once")),
    plain("pairing.pairs", t("结对", "Pairings"), PAIRS, How::Pairs(Bond::Any, Pair::Bonds), t("期内有效的结对", "pairings that ran in the period")),
    plain("pairing.children", t("有结对的孩子", "Paired children"), CHILDREN, How::Pairs(Bond::Any, Pair::Children), t("期内有过结对的孩子，一人算一次", "children with a pairing in the period, each once")),
    plain("pairing.helpers", t("结对的大人", "Helpers"), PERSONS, How::Pairs(Bond::Any, Pair::Helpers), t("期内有过结对的大人，一人算一次", "adults with a pairing in the period, each once")),
    plain("pairing.love_mothers", t("爱心妈妈", "爱心妈妈"), PERSONS, How::Pairs(Bond::Kind("love_mother"), Pair::Helpers), t("期内有效结对里的爱心妈妈，一人算一次", "women paired as 爱心妈妈 in the period, each once")),
    plain("pairing.love_fathers", t("爱心爸爸", "爱心爸爸"), PERSONS, How::Pairs(Bond::Kind("love_father"), Pair::Helpers), t("期内有效结对里的爱心爸爸，一人算一次", "men paired as 爱心爸爸 in the period, each once")),
    plain("pairing.teachers", t("结对的教师", "Teachers paired"), PERSONS, How::Pairs(Bond::Adult("teacher"), Pair::Helpers), t("期内有结对的本校教师，一人算一次", "teachers with a pairing in the period, each once")),
    plain("pairing.party_members", t("结对的党员", "Party members paired"), PERSONS, How::Pairs(Bond::Kind("party_member"), Pair::Helpers), t("期内以党员身份结对的大人，一人算一次", "adults paired as party members in the period, each once")),
    plain("volunteers.paired", t("结对的志愿者", "Volunteers paired"), PERSONS, How::Pairs(Bond::Adult("volunteer"), Pair::Helpers), t("期内有结对的志愿者，一人算一次", "volunteers with a pairing in the period, each once")),
    plain("volunteers.children", t("志愿者结对的孩子", "Children paired with volunteers"), CHILDREN, How::Pairs(Bond::Adult("volunteer"), Pair::Children), t("期内与志愿者结对的孩子，一人算一次", "children paired with a volunteer in the period, each once")),
];
