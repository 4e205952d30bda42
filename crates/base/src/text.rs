//! Both languages of everything a person reads. A missing translation does not compile.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// A constant text of the screens: Chinese first, English second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Default)]
pub struct Text {
    pub zh: &'static str,
    pub en: &'static str,
}

/// `t("谈心", "Heart-talk")`.
pub const fn t(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

impl Text {
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A sentence made while the program runs, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Say {
    pub zh: String,
    pub en: String,
}

pub fn say(zh: impl Into<String>, en: impl Into<String>) -> Say {
    Say {
        zh: zh.into(),
        en: en.into(),
    }
}

impl Say {
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
impl From<Text> for Say {
    fn from(t: Text) -> Say {
        say(t.zh, t.en)
    }
}
impl std::fmt::Display for Say {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}
impl std::error::Error for Say {}
