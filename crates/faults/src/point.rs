//! The places at which the program can be ended.

/// Which process passes a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// The one with the database: `serve`, `dbmgr`.
    Dbmgr,
    /// The one with the database that holds the router lock: one of `serve`, `dbmgr`.
    Router,
    /// The one with the sockets: `serve`, `web`.
    Web,
    /// The one with an automation: `serve`, `automation`.
    Automation,
    /// The one with the database when it serves others over NATS: `dbmgr`.
    Answering,
    /// A command that does one thing and ends.
    Command,
}

macro_rules! points {
    ($($variant:ident $name:literal $home:ident $text:literal,)*) => {
        /// A place in the program.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Point {
            $(#[doc = $text] $variant,)*
        }

        impl Point {
            /// All that there are, in the order in which a message passes them.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// Its name in the environment.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Which process passes it.
            #[must_use]
            pub fn home(self) -> Home {
                match self { $(Self::$variant => Home::$home,)* }
            }

            /// When it is passed.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

points! {
    MigrateStepBefore "migrate.step.before" Dbmgr "a step of the schema is about to be taken",
    MigrateStepAfter "migrate.step.after" Dbmgr "a step of the schema has been taken",
    MigrateCommitBefore "migrate.commit.before" Dbmgr "all steps are about to be committed (SQLite)",
    MigrateCommitAfter "migrate.commit.after" Dbmgr "all steps have been committed (SQLite)",
    StartCommitBefore "start.commit.before" Dbmgr "what every installation has is about to be committed",
    StartCommitAfter "start.commit.after" Dbmgr "what every installation has has been committed",
    AppendCommitBefore "append.commit.before" Dbmgr "a batch of messages is about to be committed",
    AppendCommitAfter "append.commit.after" Dbmgr "a batch of messages has been committed, and nobody knows",
    CallCommitBefore "call.commit.before" Dbmgr "any other command is about to be committed",
    CallCommitAfter "call.commit.after" Dbmgr "any other command has been committed, and nobody knows",
    TouchCommitBefore "touch.commit.before" Dbmgr "uses of sessions are about to be committed",
    TouchCommitAfter "touch.commit.after" Dbmgr "uses of sessions have been committed",
    TellBefore "tell.before" Dbmgr "what was committed is about to be told",
    TellCounted "tell.counted" Dbmgr "a notice has its number, and is in no queue",
    TellAfter "tell.after" Dbmgr "what was committed is in the queues of the buses",
    PublishBefore "publish.before" Dbmgr "a counted notice is about to be published",
    PublishAfter "publish.after" Dbmgr "a counted notice has been published",
    AppendAnswerBefore "append.answer.before" Dbmgr "the answers to a batch are about to be given",
    AppendAnswerAfter "append.answer.after" Dbmgr "the answers to a batch have been given",
    BusAnswerBefore "bus.answer.before" Answering "an answer is about to leave over the bus",
    BusAnswerAfter "bus.answer.after" Answering "an answer has left over the bus",
    AckWriteBefore "ack.write.before" Web "acknowledgements are about to be written to a socket",
    AckWriteAfter "ack.write.after" Web "acknowledgements have been written to a socket",
    ReplySendBefore "reply.send.before" Automation "an automation's reply is about to be sent",
    ReplySendAfter "reply.send.after" Automation "an automation's reply has been sent",
    ReplyApplyBefore "reply.apply.before" Router "an automation's reply has come and is about to be applied",
    ReplyCommitBefore "reply.commit.before" Router "an automation's reply is about to be committed",
    ReplyCommitAfter "reply.commit.after" Router "an automation's reply has been committed, and nobody knows",
    ReplyApplyAfter "reply.apply.after" Router "an automation's reply has been applied",
    EpochCommitBefore "epoch.commit.before" Command "a new epoch is about to be committed",
    EpochCommitAfter "epoch.commit.after" Command "a new epoch has been committed",
    RestoreCommitBefore "restore.commit.before" Command "a copy's new epoch is about to be committed",
    RestoreCommitAfter "restore.commit.after" Command "a copy's new epoch has been committed; it is not in place",
}
