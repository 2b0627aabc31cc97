//! How many statements a database carries out.

use std::sync::Arc;

use anyhow::Context;
use switchboard_testkit::MariaDb;

/// Counts the statements of a MariaDB from a moment on, executions of prepared ones included, those that ask for the
/// count not. It may be wrong by one: a client's goodbye counts as well, and is heard a moment after its last question.
#[derive(Debug)]
pub struct Statements {
    mariadb: Arc<MariaDb>,
    from: u64,
    /// What one question costs.
    question: u64,
}

impl Statements {
    /// Begins now.
    ///
    /// # Errors
    /// When the database is away.
    pub fn start(mariadb: &Arc<MariaDb>) -> anyhow::Result<Self> {
        let (first, from) = (ask(mariadb)?, ask(mariadb)?);
        // Others may have said something in between; nobody says it in each of so short a time.
        let (second, from_then) = (from, ask(mariadb)?);
        let question = (from - first).min(from_then - second);
        Ok(Self { mariadb: Arc::clone(mariadb), from: from_then, question })
    }

    /// How many there have been since.
    ///
    /// # Errors
    /// When the database is away.
    pub fn count(&self) -> anyhow::Result<u64> {
        Ok((ask(&self.mariadb)? - self.from).saturating_sub(self.question))
    }
}

fn ask(mariadb: &MariaDb) -> anyhow::Result<u64> {
    let row = mariadb.sql("", "SHOW GLOBAL STATUS LIKE 'Questions'")?;
    let number = row.split_whitespace().nth(1).and_then(|text| text.parse().ok());
    number.with_context(|| format!("MariaDB says {row}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_say_is_counted_and_what_we_ask_is_not() -> anyhow::Result<()> {
        let mariadb = Arc::new(MariaDb::start()?);
        let statements = Statements::start(&mariadb)?;
        assert!(statements.count()? <= 1);
        let each = Statements { mariadb: Arc::clone(&mariadb), from: ask(&mariadb)?, question: 0 };
        mariadb.sql("", "DO 1; DO 2; DO 3")?;
        // The client says nothing else, so that this is three and the question.
        assert!(each.count()?.abs_diff(3 + statements.question) <= 1);
        Ok(())
    }
}
