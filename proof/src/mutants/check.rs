//! The checks that notice.

use switchboard_faults::{Deed, Point, Stop};
use switchboard_testkit::Shape;

use super::test;
use crate::authority::{self, Way};
use crate::failpoints;
use crate::faulty::{Build, Faulty};

/// What a check said that did not hold; nothing if it held.
pub(super) type Said = Option<String>;

/// A check.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Check {
    /// A test of whole systems, by its name.
    Test(&'static str),
    /// The load of the fail points, with the process ended at `append.commit.before`.
    Struck,
    /// Agents who race, and are deactivated by SQL.
    Race,
    /// A node that is cut from the database.
    Cut,
    /// A commit that nobody is told of.
    Unheard,
    /// A message whose commit has an unknown outcome.
    Unknown,
    /// A reply whose commit has an unknown outcome.
    UnknownReply,
}

impl Check {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Test(name) => format!("test `{}`", name.replace("::embedded", "").replace("::cluster", "")),
            Self::Struck => "fail points: `append.commit.before`".into(),
            Self::Race => "authority: SQL".into(),
            Self::Cut => "authority: node cut from the database".into(),
            Self::Unheard => "fail points: told by nobody".into(),
            Self::Unknown => "fail points: message of unknown outcome".into(),
            Self::UnknownReply => "fail points: reply of unknown outcome".into(),
        }
    }

    /// Runs it against a build.
    pub(super) async fn run(&self, faulty: &Faulty, build: Build<'_>) -> anyhow::Result<Said> {
        match self {
            Self::Test(name) => test::run(name, faulty, build).await,
            Self::Struck => {
                let stop = Stop { point: Point::AppendCommitBefore, passage: 3, deed: Deed::End };
                Box::pin(failpoints::struck(Shape::Embedded, &[stop], build)).await
            }
            Self::Race => Box::pin(authority::briefly(Shape::Embedded, Way::Row, build)).await,
            Self::Cut => {
                let cut = Box::pin(authority::node_cut_from_the_database(1, build)).await?;
                Ok(cut.wrong.into_iter().next())
            }
            Self::Unheard => Box::pin(failpoints::told_by_nobody(build)).await,
            Self::Unknown => Box::pin(failpoints::unknown_commit(build)).await,
            Self::UnknownReply => Box::pin(failpoints::unknown_reply(build)).await,
        }
    }
}
