//! The words that belong to the parts themselves, in both languages.

use tx_base::{Text, t};

/// One entry of the side bar.
pub struct NavWord {
    /// The name by which a page says that it is the open one.
    pub key: &'static str,
    pub label: Text,
    /// The shorter word of the phone bar.
    pub short: Text,
    pub href: &'static str,
    pub icon: &'static str,
}

/// The side bar in its order (screens.md §2). Only what the role may open is shown.
pub const NAV: [NavWord; 11] = [
    NavWord {
        key: "today",
        label: t("今天", "Today"),
        short: t("今天", "Today"),
        href: "/",
        icon: "sun",
    },
    NavWord {
        key: "board",
        label: t("全校一览", "School"),
        short: t("全校", "School"),
        href: "/school/board",
        icon: "chart",
    },
    NavWord {
        key: "children",
        label: t("孩子", "Children"),
        short: t("孩子", "Children"),
        href: "/children",
        icon: "kids",
    },
    NavWord {
        key: "calendar",
        label: t("关爱日历", "Care calendar"),
        short: t("日历", "Calendar"),
        href: "/calendar",
        icon: "cal",
    },
    NavWord {
        key: "pairing",
        label: t("结对", "Pairing"),
        short: t("结对", "Pairing"),
        href: "/pairing",
        icon: "pair",
    },
    NavWord {
        key: "room",
        label: t("关爱室", "Care room"),
        short: t("关爱室", "Room"),
        href: "/room",
        icon: "room",
    },
    NavWord {
        key: "activities",
        label: t("活动", "Activities"),
        short: t("活动", "Activities"),
        href: "/activities",
        icon: "flag",
    },
    NavWord {
        key: "study",
        label: t("学习", "Study"),
        short: t("学习", "Study"),
        href: "/study",
        icon: "study",
    },
    NavWord {
        key: "health",
        label: t("健康", "Health"),
        short: t("健康", "Health"),
        href: "/health",
        icon: "pulse",
    },
    NavWord {
        key: "family",
        label: t("家庭", "Families"),
        short: t("家庭", "Families"),
        href: "/family",
        icon: "fam",
    },
    NavWord {
        key: "reports",
        label: t("总结与报表", "Reports"),
        short: t("总结", "Reports"),
        href: "/reports",
        icon: "doc",
    },
];

pub const PRODUCT: Text = t("童行", "Tongxing");
pub const MAIN_MENU: Text = t("主菜单", "Main menu");
pub const SKIP: Text = t("跳到正文", "Skip to content");
pub const RECORD: Text = t("记一笔", "Record");
pub const MORE: Text = t("更多", "More");
pub const SETTINGS: Text = t("设置", "Settings");
pub const LOGOUT: Text = t("退出", "Sign out");
pub const SEARCH: Text = t("搜索", "Search");
pub const SEARCH_HINT: Text = t("姓名、拼音、电话", "Name, pinyin, phone");
pub const NOTICES: Text = t("提醒", "Notices");
pub const BACK: Text = t("返回", "Back");
pub const CLOSE: Text = t("关上", "Close");
pub const BESIDE: Text = t("孩子在旁", "Child beside");
pub const PRINT: Text = t("打印", "Print");
pub const COPY: Text = t("复制", "Copy");
pub const UNDO: Text = t("撤回", "Undo");
pub const SAVING: Text = t("正在存…", "Saving…");
pub const SAVE: Text = t("存好", "Save");
pub const SEE_ALL: Text = t("看全部", "See all");
pub const SEE_TABLE: Text = t("看表格", "See the table");
pub const TO_MEND: Text = t("要改的地方", "To be mended");
pub const UNFILLED: Text = t("〔未填〕", "[not filled in]");
pub const SOME: Text = t("可选几个", "choose some");
pub const PREVIOUS: Text = t("上一页", "Previous");
pub const NEXT: Text = t("下一页", "Next");
pub const CODE_NO: Text = t("编号", "Number");
pub const ADD_PERSON: Text = t("加人", "Add");
pub const CAMERA: Text = t("照片", "Photo");
pub const DAY: Text = t("日期", "Day");
pub const TIME: Text = t("时间", "Time");
pub const EACH_ONE: Text = t("给每人各加一句", "Add a line for each");
pub const EARLIER_TEXT: Text = t("改之前", "Before the correction");
pub const OWN_WORDS: Text = t("自己的话", "Own words");
pub const KEPT: Text = t("保留", "kept");
pub const WHENCE: Text = t("这个数从哪来", "Where this number comes from");
pub const OUTLINE: Text = t("提纲", "Outline");
pub const STYLE: Text = t("体例", "Style");
pub const KEY_CHILD: Text = t("三个优先", "Three priorities");
pub const LOCK: Text = t("锁定", "Lock");
pub const ROW: Text = t("行", "Row");
pub const LEGEND: [(Text, &str); 5] = [
    (t("做了", "Done"), "done"),
    (t("待办", "Due"), "owed"),
    (t("逾期", "Overdue"), "late"),
    (t("试过", "Tried"), "tried"),
    (t("没做上", "missed"), "missed"),
];
pub const AHEAD: Text = t("以后要做", "Later");
pub const ALL: Text = t("全部", "All");
pub const OVERDUE: Text = t("逾期", "Overdue");
pub const DUE: Text = t("待办", "Due");
pub const WEEKLY: Text = t("每周记录", "A week");
pub const THIS_WEEK: Text = t("本周", "Now");
pub const CHILD: Text = t("孩子", "Child");
pub const TODAY: Text = t("今天", "Today");
pub const NOBODY_YET: Text = t("这里还没有孩子。", "No children here yet.");
pub const NOTHING_YET: Text = t("这十二个月还没有记录。", "No records in these twelve months.");
pub const USER: Text = t("用户名", "User name");
pub const PASSWORD: Text = t("密码", "Password");
pub const SHOW: Text = t("看一眼", "Show");
pub const REMEMBER: Text = t("记住这台手机", "Remember this device");
pub const SIGN_IN: Text = t("登录", "Sign in");
pub const CODE: Text = t("验证码", "Code");
pub const LATER: Text = t("以后再填", "Fill in later");
pub const DONE: Text = t("好了", "Done");
pub const MEND: Text = t("改", "Change");
pub const FILL: Text = t("填", "Fill in");
pub const LOCKED: Text = t("不可放宽", "Cannot be weakened");
pub const CHANGED: Text = t("改了", "Changed");
pub const ON: Text = t("在用", "In use");
pub const OFF: Text = t("没用", "Not used");
pub const SLASH_HINT: Text = t("按 / 到这里", "Press / to come here");
