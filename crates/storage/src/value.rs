//! A value bound to a statement. Columns hold text or 64-bit integers, and what is in files bytes.

use sqlx::query::Query;
use sqlx::{Database, Encode, Type};
use switchboard_domain::{
    AccountId, ArticleId, BanId, CannedId, ClientMsgId, ConversationId, EntryId, FileId, KeyId, MailId,
    SavedViewId, SessionId, TeamId, TokenHash, VisitorId, WebhookId,
};

/// One bound value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl Value<'_> {
    /// Binds it to the next `?`.
    pub(crate) fn bind<'q, DB>(
        self,
        query: Query<'q, DB, <DB as Database>::Arguments>,
    ) -> Query<'q, DB, <DB as Database>::Arguments>
    where
        DB: Database,
        for<'t> i64: Encode<'t, DB> + Type<DB>,
        for<'t> &'t str: Encode<'t, DB> + Type<DB>,
        for<'t> &'t [u8]: Encode<'t, DB> + Type<DB>,
        for<'t> Option<i64>: Encode<'t, DB> + Type<DB>,
    {
        match self {
            Self::Null => query.bind(None::<i64>),
            Self::Int(number) => query.bind(number),
            Self::Text(text) => query.bind(text),
            Self::Bytes(bytes) => query.bind(bytes),
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        text.as_deref().into()
    }
}

macro_rules! named_text {
    ($($name:ident),+) => {$(
        impl<'a> From<&'a $name> for Value<'a> {
            fn from(id: &'a $name) -> Self {
                Self::Text(id.as_str())
            }
        }
        impl<'a> From<&'a Option<$name>> for Value<'a> {
            fn from(id: &'a Option<$name>) -> Self {
                id.as_ref().map_or(Self::Null, |id| Self::Text(id.as_str()))
            }
        }
    )+};
}
named_text!(
    AccountId,
    ArticleId,
    BanId,
    CannedId,
    ClientMsgId,
    ConversationId,
    EntryId,
    FileId,
    KeyId,
    MailId,
    SavedViewId,
    SessionId,
    TeamId,
    TokenHash,
    VisitorId,
    WebhookId
);

/// Whether an ASCII column can hold this text. MariaDB refuses to compare such a column with other text, and ignores
/// spaces at the end, so what comes from outside as plain text is asked first; what is not plain names nothing.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
}

/// The values of one statement, in the order of its `?`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Value::from($value)),*] };
}
pub(crate) use args;
