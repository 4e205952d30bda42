//! What a child wishes for, and what came of it (心愿).

use crate::opt;
use tx_access::Role;
use tx_base::t;
use tx_record::{Family, Kind, choice, day, text, yes};
use tx_store::Class;

pub static WISH: Kind = Kind {
    id: "wish",
    name: t("心愿", "Wish"),
    seal: "愿",
    family: Family::Help,
    fields: &[
        choice(
            "about",
            t("想要什么", "What it is about"),
            &[
                opt("parents", "见爸妈", "seeing the parents"),
                opt("thing", "一样东西", "a thing"),
                opt("place", "去一个地方", "a place to go to"),
                opt("learn", "学一样本领", "something to learn"),
                opt("other", "别的", "something else"),
            ],
        ),
        text("who_helps", t("谁来帮", "Who helps")).class(Class::P),
        yes("fulfilled", t("圆了", "Fulfilled")),
        day("fulfilled_on", t("哪天圆的", "Fulfilled on")),
    ],
    write: &[Role::Helper],
    words: t("孩子说的心愿", "The wish in the child's words"),
    says: true,
    ..Kind::PLAIN
};
