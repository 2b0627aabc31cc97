//! Reading a row: column after column, in the order of the statement.

use crate::error::{Error, Result};
use sqlx::Row as _;
use sqlx::mysql::MySqlRow;
use sqlx::sqlite::SqliteRow;
use switchboard_domain::Millis;

/// A row and the place of the next column.
pub(crate) struct Row<'a> {
    inner: Inner<'a>,
    next: usize,
    /// The newest date of a commit in it.
    pub(crate) committed: Option<Millis>,
}

enum Inner<'a> {
    Sqlite(&'a SqliteRow),
    MySql(&'a MySqlRow),
}

impl<'a> From<&'a SqliteRow> for Row<'a> {
    fn from(row: &'a SqliteRow) -> Self {
        Self { inner: Inner::Sqlite(row), next: 0, committed: None }
    }
}

impl<'a> From<&'a MySqlRow> for Row<'a> {
    fn from(row: &'a MySqlRow) -> Self {
        Self { inner: Inner::MySql(row), next: 0, committed: None }
    }
}

impl<'a> Row<'a> {
    fn step(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// The next column as a number, or NULL. Unchecked: an expression has no declared type.
    pub(crate) fn maybe_int(&mut self) -> Result<Option<i64>> {
        let at = self.step();
        Ok(match self.inner {
            Inner::Sqlite(row) => row.try_get_unchecked(at)?,
            Inner::MySql(row) => row.try_get_unchecked(at)?,
        })
    }

    /// The next column as a number; NULL is 0.
    pub(crate) fn int(&mut self) -> Result<i64> {
        Ok(self.maybe_int()?.unwrap_or_default())
    }

    /// The next column as the date of the commit that wrote the row: see [`crate::Tx::unsettled`].
    pub(crate) fn committed(&mut self) -> Result<Millis> {
        let at = self.int()?;
        self.committed = self.committed.max(Some(at));
        Ok(at)
    }

    /// The next column as a flag.
    pub(crate) fn flag(&mut self) -> Result<bool> {
        Ok(self.int()? != 0)
    }

    /// The next column as text, or NULL.
    pub(crate) fn maybe_str(&mut self) -> Result<Option<&'a str>> {
        let at = self.step();
        Ok(match self.inner {
            Inner::Sqlite(row) => row.try_get_unchecked(at)?,
            Inner::MySql(row) => row.try_get_unchecked(at)?,
        })
    }

    /// The next column as bytes of its own; NULL is empty.
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>> {
        let at = self.step();
        let bytes: Option<&[u8]> = match self.inner {
            Inner::Sqlite(row) => row.try_get_unchecked(at)?,
            Inner::MySql(row) => row.try_get_unchecked(at)?,
        };
        Ok(bytes.unwrap_or_default().to_vec())
    }

    /// The next column as text; NULL is empty.
    pub(crate) fn str(&mut self) -> Result<&'a str> {
        Ok(self.maybe_str()?.unwrap_or_default())
    }

    /// The next column as text of its own.
    pub(crate) fn text(&mut self) -> Result<String> {
        Ok(self.str()?.to_owned())
    }

    /// The next column as text of its own, or NULL.
    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>> {
        Ok(self.maybe_str()?.map(str::to_owned))
    }

    /// The next column as one of the domain's values, by the name stored.
    pub(crate) fn parse<T: std::str::FromStr>(&mut self) -> Result<T> {
        let text = self.str()?;
        text.parse().map_err(|_| Error::spoilt(std::any::type_name::<T>(), text))
    }

    /// The same, or NULL.
    pub(crate) fn maybe_parse<T: std::str::FromStr>(&mut self) -> Result<Option<T>> {
        let Some(text) = self.maybe_str()? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Error::spoilt(std::any::type_name::<T>(), text))
    }

    /// The next column as a value made from owned text, or NULL.
    pub(crate) fn maybe_convert<T: TryFrom<String>>(&mut self) -> Result<Option<T>> {
        let Some(text) = self.maybe_text()? else { return Ok(None) };
        let spoilt = |_| Error::Other(format!("a spoilt {} is stored", std::any::type_name::<T>()));
        T::try_from(text).map(Some).map_err(spoilt)
    }
}
