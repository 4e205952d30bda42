//! The sorts, by the rows of the feature table that they keep. A new one is a value here.

use crate::sort::{
    About, Group, PUT_AWAY, Sort, State, Step, THERE, carers, head, leading, room_keepers, staff, state, storekeepers,
};
use serde_json::{Map, Value as Json};
use tx_base::{Day, Text, t};
use tx_record::{Opt, choice, choices, count, day, long_text, money, text, yes};
use tx_store::Class;
use tx_web::parts::marks::Pill;

const fn opt(id: &'static str, name: Text) -> Opt {
    Opt { id, name }
}

/// B13: 委托照护, law §22–23: who is entrusted, in writing, the child heard, school and village told.
pub static DELEGATION: Sort = Sort {
    id: "delegation",
    name: t("委托照护", "Delegated care"),
    seal: "托",
    group: Group::Child,
    says: t(
        "父母外出，书面托给谁照护（未成年人保护法第22、23条）",
        "Who is entrusted in writing while the parents are away",
    ),
    about: About::Child,
    fields: &[
        text("to_whom", t("托给谁", "Entrusted to")).class(Class::P).required(),
        text("relation", t("和孩子的关系", "Relation to the child")).class(Class::P),
        text("phone", t("电话", "Phone")).class(Class::P),
        yes("in_writing", t("有书面委托", "In writing")),
        yes("child_heard", t("听过孩子的意见", "The child was heard")),
        yes("school_told", t("告知了学校", "The school was told")),
        yes("village_told", t("告知了村委会", "The village was told")),
        choice(
            "suitable",
            t("看过合不合适", "Suitability"),
            &[
                opt("fit", t("合适", "suitable")),
                opt("unfit", t("不合适，要换人", "not suitable")),
                opt("open", t("还没看", "not yet checked")),
            ],
        ),
        choice(
            "why_over",
            t("为什么结束", "Why it ended"),
            &[
                opt("parent_home", t("父母回来了", "a parent is home")),
                opt("changed", t("换了人", "another person")),
                opt("expired", t("到期", "it ran out")),
                opt("unfit", t("不合适", "not suitable")),
            ],
        ),
    ],
    brief: &["to_whom", "relation", "suitable"],
    span: Some((t("从哪天", "From"), t("到哪天", "To"))),
    states: &[
        state("running", t("照护中", "running"), Pill::Ok),
        state("over", t("结束了", "over"), Pill::Mute).over(),
    ],
    steps: &[Step {
        id: "end",
        name: t("结束", "End it"),
        from: &["running"],
        to: "over",
        asks: &["why_over"],
        needs: &["why_over"],
        ..Step::PLAIN
    }],
    writes: carers,
    rule: entrusted,
    ..Sort::PLAIN
};
/// Law §22: nobody who is unfit is entrusted.
fn entrusted(fields: &Map<String, Json>, _: Option<Day>, _: Option<Day>) -> Option<(&'static str, Text)> {
    let unfit = fields.get("suitable").and_then(Json::as_str) == Some("unfit");
    (unfit && !fields.contains_key("why_over")).then_some((
        "suitable",
        t(
            "不合适的人不能托付：先换人再登记",
            "One who is not suitable is not entrusted: find another first",
        ),
    ))
}

/// B17: who is entitled to what, and whether it arrives.
pub static AID: Sort = Sort {
    id: "aid",
    name: t("困难和资助", "Hardship and aid"),
    seal: "助",
    group: Group::Child,
    says: t(
        "该享受什么，享受到了没有",
        "What the child is entitled to, and whether it arrives",
    ),
    about: About::Child,
    class: Class::S,
    fields: &[
        choice(
            "ground",
            t("什么情况", "Ground"),
            &[
                opt("orphan", t("孤儿", "orphan")),
                opt("unattended", t("事实无人抚养", "de facto unattended")),
                opt("disabled", t("残疾", "disabled")),
                opt("low_income", t("低保家庭", "low-income household")),
                opt("illness", t("大病", "grave illness")),
                opt("other", t("其他困难", "other hardship")),
            ],
        )
        .class(Class::S)
        .required(),
        choice(
            "programme",
            t("哪一项", "Programme"),
            &[
                opt("orphan_allowance", t("孤儿基本生活费", "orphans' allowance")),
                opt(
                    "unattended_allowance",
                    t("事实无人抚养儿童补贴", "allowance for the unattended"),
                ),
                opt("disability_allowance", t("残疾补贴", "disability allowance")),
                opt("dibao", t("低保", "minimum living allowance")),
                opt("two_free", t("两免一补", "two exemptions, one subsidy")),
                opt("nutrition", t("营养改善计划", "nutrition plan")),
                opt("donation", t("社会捐助", "donation")),
            ],
        )
        .class(Class::S)
        .required(),
        money("amount", t("每次多少元", "Yuan each time")).class(Class::S),
        text("source", t("从哪里来", "From where")).class(Class::S),
        text("why_not", t("为什么没有", "Why not")).class(Class::S),
    ],
    brief: &["programme", "amount"],
    span: Some((t("从哪天", "From"), t("到哪天", "To"))),
    states: &[
        state("entitled", t("该有还没有", "entitled, not received"), Pill::Due),
        state("received", t("在享受", "received"), Pill::Ok),
        state("over", t("不再享受", "over"), Pill::Mute).over(),
    ],
    steps: &[
        Step {
            id: "receive",
            name: t("享受到了", "It arrives"),
            from: &["entitled"],
            to: "received",
            asks: &["amount", "source"],
            ..Step::PLAIN
        },
        Step {
            id: "end",
            name: t("不再享受", "It ended"),
            from: &["entitled", "received"],
            to: "over",
            asks: &["why_not"],
            needs: &["why_not"],
            ..Step::PLAIN
        },
    ],
    writes: carers,
    ..Sort::PLAIN
};

/// C13: a need becomes a request with an owner and a day, in the school or outside, until its result comes back.
pub static REQUEST: Sort = Sort {
    id: "request",
    name: t("需求和服务", "Need and service"),
    seal: "求",
    group: Group::Child,
    says: t(
        "孩子需要什么，找了谁，结果怎样",
        "What the child needs, who was asked, what came of it",
    ),
    about: About::Child,
    fields: &[
        choices(
            "need",
            t("哪方面", "Kinds of need"),
            &[
                opt("study", t("学习", "study")),
                opt("life", t("生活", "life")),
                opt("mind", t("心理", "mind")),
                opt("safety", t("安全", "safety")),
                opt("health", t("健康", "health")),
                opt("papers", t("证件手续", "papers")),
            ],
        )
        .required(),
        long_text("what", t("需要什么", "What is needed"))
            .class(Class::P)
            .required(),
        choice(
            "asked",
            t("找谁", "Who is asked"),
            &[
                opt("school", t("学校里", "in the school")),
                opt("health_centre", t("卫生院", "health centre")),
                opt("civil_affairs", t("民政", "civil affairs")),
                opt("women", t("妇联", "women's federation")),
                opt("foundation", t("基金会", "foundation")),
                opt("village", t("村委会", "village")),
                opt("other", t("其他", "other")),
            ],
        )
        .required(),
        text("why_refused", t("对方为什么没办", "Why it was refused")).class(Class::P),
        long_text("result", t("结果", "Result")).class(Class::P),
    ],
    brief: &["need", "asked"],
    due: Some((t("谁盯着", "In charge"), t("哪天前", "By when"))),
    states: &[
        state("open", t("提出了", "raised"), Pill::Due),
        state("sent", t("转出去了", "sent"), Pill::Info),
        state("accepted", t("对方接了", "accepted"), Pill::Info),
        state("refused", t("对方没接", "refused"), Pill::Late),
        state("done", t("办好了", "done"), Pill::Ok).over(),
        state("dropped", t("不用了", "dropped"), Pill::Mute).over(),
    ],
    steps: &[
        Step {
            id: "send",
            name: t("转出去", "Send it"),
            from: &["open", "refused"],
            to: "sent",
            ..Step::PLAIN
        },
        Step {
            id: "accept",
            name: t("对方接了", "Accepted"),
            from: &["sent"],
            to: "accepted",
            ..Step::PLAIN
        },
        Step {
            id: "refuse",
            name: t("对方没接", "Refused"),
            from: &["sent"],
            to: "refused",
            asks: &["why_refused"],
            needs: &["why_refused"],
            ..Step::PLAIN
        },
        Step {
            id: "finish",
            name: t("办好了", "Done"),
            from: &["open", "sent", "accepted"],
            to: "done",
            asks: &["result"],
            needs: &["result"],
            ..Step::PLAIN
        },
        Step {
            id: "drop",
            name: t("不用了", "Drop it"),
            from: &["open", "sent", "accepted", "refused"],
            to: "dropped",
            ..Step::PLAIN
        },
    ],
    writes: carers,
    ..Sort::PLAIN
};

/// C17: a question on a record, plan or summary; the owner answers; it is closed.
pub static REMARK: Sort = Sort {
    id: "remark",
    name: t("批注和回复", "Remark and return"),
    seal: "批",
    group: Group::Papers,
    says: t(
        "看的人提一句，写的人回一句，再了结",
        "Who reads asks, who wrote answers, then it is closed",
    ),
    title: t("问什么", "The question"),
    fields: &[
        text("place", t("说的是哪一处", "What it is about")),
        long_text("answer", t("回复", "Answer")),
    ],
    brief: &["place"],
    due: Some((t("请谁回", "Who is to answer"), t("哪天前", "By when"))),
    states: &[
        state("open", t("等回复", "open"), Pill::Due),
        state("answered", t("回了", "answered"), Pill::Info),
        state("closed", t("了结", "closed"), Pill::Ok).over(),
    ],
    steps: &[
        Step {
            id: "answer",
            name: t("回复", "Answer"),
            from: &["open"],
            to: "answered",
            asks: &["answer"],
            needs: &["answer"],
            ..Step::PLAIN
        },
        Step {
            id: "again",
            name: t("再问", "Ask again"),
            from: &["answered"],
            to: "open",
            may: leading,
            ..Step::PLAIN
        },
        Step {
            id: "close",
            name: t("了结", "Close"),
            from: &["answered", "open"],
            to: "closed",
            may: leading,
            ..Step::PLAIN
        },
    ],
    writes: carers,
    ..Sort::PLAIN
};

/// E1: a care room with its hours.
pub static ROOM: Sort = Sort {
    id: "room",
    name: t("关爱室", "Care room"),
    seal: "室",
    group: Group::Room,
    says: t("在哪里，什么时候开", "Where it is and when it is open"),
    unique: true,
    fields: &[
        text("place", t("在哪里", "Where")),
        text("hours", t("开放时间", "Open")),
        choices(
            "days",
            t("开放日", "Open on"),
            &[
                opt("1", t("周一", "Mon")),
                opt("2", t("周二", "Tue")),
                opt("3", t("周三", "Wed")),
                opt("4", t("周四", "Thu")),
                opt("5", t("周五", "Fri")),
                opt("6", t("周六", "Sat")),
                opt("7", t("周日", "Sun")),
            ],
        ),
        choices(
            "family_days",
            t("亲情时间", "Family time"),
            &[
                opt("1", t("周一", "Mon")),
                opt("2", t("周二", "Tue")),
                opt("3", t("周三", "Wed")),
                opt("4", t("周四", "Thu")),
                opt("5", t("周五", "Fri")),
                opt("6", t("周六", "Sat")),
                opt("7", t("周日", "Sun")),
            ],
        ),
        count("seats", t("能坐几个人", "Seats")),
    ],
    brief: &["place", "hours"],
    writes: room_keepers,
    ..Sort::PLAIN
};

/// Lent and given back, broken and mended: the life of what a room owns.
const LENT: &[State] = &[
    state("there", t("在", "there"), Pill::Ok),
    state("lent", t("借出", "lent"), Pill::Info),
    state("broken", t("在修", "in repair"), Pill::Due),
    state("gone", t("报废", "written off"), Pill::Mute).over(),
];
const LENDING: &[Step] = &[
    Step {
        id: "lend",
        name: t("借出", "Lend"),
        from: &["there"],
        to: "lent",
        asks: &["borrower", "back_by"],
        needs: &["borrower"],
        ..Step::PLAIN
    },
    Step {
        id: "give_back",
        name: t("还回来了", "Given back"),
        from: &["lent"],
        to: "there",
        ..Step::PLAIN
    },
    Step {
        id: "break",
        name: t("送修", "To be repaired"),
        from: &["there", "lent"],
        to: "broken",
        ..Step::PLAIN
    },
    Step {
        id: "mend",
        name: t("修好了", "Mended"),
        from: &["broken"],
        to: "there",
        ..Step::PLAIN
    },
    Step {
        id: "write_off",
        name: t("报废", "Write off"),
        from: &["there", "broken", "lent"],
        to: "gone",
        ..Step::PLAIN
    },
];

/// E4: equipment and games.
pub static EQUIPMENT: Sort = Sort {
    id: "equipment",
    name: t("设备和玩具", "Equipment and games"),
    seal: "器",
    group: Group::Room,
    says: t("谁保管，借给谁，坏了没有", "Who keeps it, who has it, whether it works"),
    fields: &[
        text("number", t("编号", "Number")),
        choice(
            "sort",
            t("哪一类", "Kind"),
            &[
                opt("computer", t("电脑电视", "computer, television")),
                opt("phone", t("亲情电话", "telephone")),
                opt("game", t("棋和玩具", "games")),
                opt("sport", t("体育", "sports")),
                opt("music", t("乐器", "music")),
                opt("furniture", t("桌椅柜", "furniture")),
                opt("other", t("其他", "other")),
            ],
        ),
        text("borrower", t("谁借的", "Borrower")).class(Class::P),
        day("back_by", t("哪天还", "Back by")),
        text("keeper", t("保管人", "Kept by")),
    ],
    brief: &["number", "borrower", "back_by"],
    states: LENT,
    steps: LENDING,
    writes: room_keepers,
    ..Sort::PLAIN
};
/// E5: books.
pub static BOOK: Sort = Sort {
    id: "book",
    name: t("图书", "Books"),
    seal: "书",
    group: Group::Room,
    says: t("有哪些书，谁在看", "Which books there are and who reads them"),
    title: t("书名", "Title"),
    fields: &[
        text("number", t("编号", "Number")),
        text("author", t("作者", "Author")),
        text("borrower", t("谁借的", "Borrower")).class(Class::P),
        day("back_by", t("哪天还", "Back by")),
    ],
    brief: &["author", "number", "borrower", "back_by"],
    states: LENT,
    steps: LENDING,
    writes: room_keepers,
    ..Sort::PLAIN
};

/// J1: a project with its donor, budget and spending.
pub static PROJECT: Sort = Sort {
    id: "donor_project",
    name: t("项目和捐赠人", "Projects and donors"),
    seal: "捐",
    group: Group::Means,
    says: t("谁捐的，多少钱，用了多少", "Who gave, how much, how much is spent"),
    unique: true,
    fields: &[
        text("donor", t("捐赠人", "Donor")).required(),
        money("budget", t("预算（元）", "Budget, yuan")),
        money("spent", t("已用（元）", "Spent, yuan")),
        long_text("aim", t("做什么用", "What it is for")),
        long_text("report", t("给捐赠人的回报", "Report to the donor")),
    ],
    brief: &["donor", "budget", "spent"],
    span: Some((t("从哪天", "From"), t("到哪天", "To"))),
    states: &[
        state("running", t("进行中", "running"), Pill::Info),
        state("reported", t("已回报", "reported"), Pill::Ok),
        state("over", t("结束", "over"), Pill::Mute).over(),
    ],
    steps: &[
        Step {
            id: "report",
            name: t("写回报", "Report"),
            from: &["running"],
            to: "reported",
            asks: &["report"],
            needs: &["report"],
            ..Step::PLAIN
        },
        Step {
            id: "end",
            name: t("结束", "End it"),
            from: &["running", "reported"],
            to: "over",
            ..Step::PLAIN
        },
    ],
    rule: within_budget,
    ..Sort::PLAIN
};
fn within_budget(fields: &Map<String, Json>, _: Option<Day>, _: Option<Day>) -> Option<(&'static str, Text)> {
    let n = |name: &str| fields.get(name).and_then(Json::as_f64);
    let over = matches!((n("budget"), n("spent")), (Some(b), Some(s)) if s > b);
    over.then_some(("spent", t("比预算还多", "more than the budget")))
}

/// J2: goods in the store.
pub static GOODS: Sort = Sort {
    id: "goods",
    name: t("物资", "Goods"),
    seal: "物",
    group: Group::Means,
    says: t("还剩多少，谁捐的，给了谁", "How much is left, who gave it, who got it"),
    unique: true,
    fields: &[
        text("donor", t("谁捐的", "From whom")),
        text("place", t("放在哪里", "Where it lies")),
        day("good_until", t("保质到", "Good until")),
    ],
    brief: &["donor", "place"],
    stock: Some(t("件", "pieces")),
    writes: storekeepers,
    ..Sort::PLAIN
};

/// A3: documents of the work with versions, approval, publication; a published one is followed, never changed.
pub static DOCUMENT: Sort = Sort {
    id: "document",
    name: t("方案和制度", "Plans and rules"),
    seal: "文",
    group: Group::Papers,
    says: t(
        "起草、交审、批准、公布；公布了只能出新的",
        "Draft, approval, publication; what is published is followed by another",
    ),
    title: t("标题", "Title"),
    fields: &[
        choice(
            "kind",
            t("哪一种", "Kind"),
            &[
                opt("plan", t("实施方案", "implementation plan")),
                opt("year_plan", t("学年计划", "year plan")),
                opt("term_plan", t("学期计划", "term plan")),
                opt("rule", t("制度", "rule")),
                opt("duty", t("职责", "duties of a post")),
                opt("agreement", t("责任书", "agreement")),
            ],
        )
        .required(),
        long_text("body", t("正文", "Text")),
        text("follows", t("代替哪一份", "It follows")),
        text("why_back", t("为什么退回", "Why it goes back")),
    ],
    brief: &["kind", "follows"],
    span: Some((t("从哪天施行", "In force from"), t("到哪天", "Until"))),
    states: &[
        state("draft", t("草稿", "draft"), Pill::Mute),
        state("submitted", t("等批准", "submitted"), Pill::Due),
        state("published", t("公布了", "published"), Pill::Ok).locked(),
        state("replaced", t("不再施行", "no longer in force"), Pill::Mute)
            .over()
            .locked(),
    ],
    steps: &[
        Step {
            id: "submit",
            name: t("交审", "Submit"),
            from: &["draft"],
            to: "submitted",
            ..Step::PLAIN
        },
        Step {
            id: "return",
            name: t("退回", "Return"),
            from: &["submitted"],
            to: "draft",
            asks: &["why_back"],
            needs: &["why_back"],
            may: head,
        },
        Step {
            id: "publish",
            name: t("批准公布", "Approve and publish"),
            from: &["submitted"],
            to: "published",
            may: head,
            ..Step::PLAIN
        },
        Step {
            id: "replace",
            name: t("不再施行", "End it"),
            from: &["published"],
            to: "replaced",
            may: head,
            ..Step::PLAIN
        },
    ],
    writes: leading,
    ..Sort::PLAIN
};
/// A5: own materials (自编资料).
pub static MATERIAL: Sort = Sort {
    id: "material",
    name: t("自编资料", "Own materials"),
    seal: "编",
    group: Group::Papers,
    says: t("学校自己编的册子", "What the school has written itself"),
    title: t("书名", "Title"),
    unique: true,
    fields: &[
        text("author", t("谁编的", "By whom")),
        count("volumes", t("几册", "Volumes")),
        count("copies", t("印了几本", "Copies")),
        text("place", t("放在哪里", "Where it lies")),
    ],
    brief: &["author", "volumes"],
    states: THERE,
    steps: PUT_AWAY,
    reads: staff,
    writes: leading,
    ..Sort::PLAIN
};

/// Every sort, in the order in which they are offered.
pub static ALL: &[&Sort] = &[
    &DELEGATION,
    &AID,
    &REQUEST,
    &REMARK,
    &ROOM,
    &EQUIPMENT,
    &BOOK,
    &PROJECT,
    &GOODS,
    &DOCUMENT,
    &MATERIAL,
];
