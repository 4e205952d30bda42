//! Roles and posts (interfaces.md `user add`), with the sentence that tells each what it may see.

use tx_base::{Text, t};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code),* } }
            pub const fn name(self) -> Text { match self { $($name::$variant => t($zh, $en)),* } }
            pub fn parse(code: &str) -> Option<$name> { $name::ALL.iter().copied().find(|r| r.code() == code) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.code()) }
        }
    };
}

codes! {
    /// A role of an account; the order is the order of the main role.
    Role {
        Admin = "admin", "系统管理员", "Administrator";
        County = "county", "县级管理员", "County officer";
        Head = "head", "校长", "Head";
        Leader = "leader", "领导小组成员", "Leading group";
        ClassTeacher = "class_teacher", "班主任", "Class teacher";
        Counsellor = "counsellor", "心理辅导教师", "Counsellor";
        SubjectTeacher = "subject_teacher", "科任教师", "Subject teacher";
        DutyLeader = "duty_leader", "关爱室值班", "Care room leader";
        Helper = "helper", "帮扶志愿者", "Volunteer helper";
        Inspector = "inspector", "检查人员", "Inspector";
    }
}
codes! {
    /// A post beside the role.
    Post {
        Office = "office", "办公室", "Office";
        Nurse = "nurse", "校医", "Nurse";
        Store = "store", "保管员", "Storekeeper";
        Room = "room", "关爱室", "Care room";
        Organiser = "organiser", "活动组织", "Organiser";
    }
}

impl Role {
    /// What this role sees and does not see, in a sentence (features L1).
    pub const fn sentence(self) -> Text {
        match self {
            Role::Admin => t(
                "管账号和设置；看不到任何孩子的档案",
                "Keeps accounts and settings; sees no child's file",
            ),
            Role::County => t(
                "看全县各校的数字；看不到孩子的名字",
                "Sees the figures of all schools; no child's name",
            ),
            Role::Head => t(
                "看全校孩子的档案和记录；看不到密封的辅导笔记",
                "Sees all files and records of the school; not the sealed notes",
            ),
            Role::Leader => t(
                "看全校的档案；敏感内容只看重点孩子的",
                "Sees the school's files; sensitive parts only of key children",
            ),
            Role::ClassTeacher => t(
                "看自己班的孩子，能记能改；看不到别的班",
                "Sees and writes the own class; no other class",
            ),
            Role::Counsellor => t(
                "看全校的孩子，有自己的密封笔记",
                "Sees the school's children, has sealed notes of the own",
            ),
            Role::SubjectTeacher => t(
                "看所教班级的名单和自己的记录；看不到电话住址",
                "Sees names of classes taught and own records; no phones or addresses",
            ),
            Role::DutyLeader => t(
                "看今天来关爱室的孩子",
                "Sees the children who are in the care room today",
            ),
            Role::Helper => t(
                "只看结对的孩子，结对和核查有效时才看得到",
                "Sees the paired child only, while pairing and check are valid",
            ),
            Role::Inspector => t(
                "按期限查看，只读；打开档案都有记录",
                "Reads for a term; each opened file is logged",
            ),
        }
    }
    /// Works inside one school.
    pub const fn of_a_school(self) -> bool {
        !matches!(self, Role::Admin | Role::County)
    }
    /// Staff of the school: not volunteers, inspectors or the county.
    pub const fn is_staff(self) -> bool {
        matches!(
            self,
            Role::Head | Role::Leader | Role::ClassTeacher | Role::Counsellor | Role::SubjectTeacher | Role::DutyLeader
        )
    }
}
