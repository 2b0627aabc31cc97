//! The ways in which the program can be wrong on purpose. Each is a promise broken; `prove mutants` says which check
//! notices.

macro_rules! mutants {
    ($($variant:ident $name:literal $text:literal,)*) => {
        /// A way to be wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Mutant {
            $(#[doc = $text] $variant,)*
        }

        impl Mutant {
            /// All that there are.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// Its name in the environment.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What is wrong then.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

mutants! {
    AckBeforeCommit "ack_before_commit" "messages are acknowledged a moment before they are committed",
    UniqueKeyDropped "unique_key_dropped" "a client_msg_id is neither looked up nor unique",
    ConflictAcknowledged "conflict_acknowledged" "another text under a stored client_msg_id is acknowledged",
    SeqFromMemory "seq_from_memory" "numbers are given from memory, and what is rolled back leaves a gap",
    BatchReversed "batch_reversed" "the messages of one batch are stored in the opposite order",
    LaneOvertakes "lane_overtakes" "what waits behind a failed message is sent all the same",
    UnknownCommitForgotten "unknown_commit_forgotten" "after a commit of unknown outcome nobody is told to look",
    RestartUnnoticed "restart_unnoticed" "an edge takes no notice of a dbmgr that falls silent or was restarted",
    GapSkipped "gap_skipped" "an edge gives the next entry that comes, whatever is missing before it",
    SpliceSkips "splice_skips" "a replay from memory leaves out the first entry at the splice",
    ResumeTrusts "resume_trusts" "what a client says it has is not compared with what is stored",
    AuthorityCached "authority_cached" "who writes messages is remembered for ten seconds",
    SessionCached "session_cached" "who makes a call is remembered for ten seconds",
    LeaseIgnored "lease_ignored" "staff sockets are shown content without a lease",
    RevokedStays "revoked_stays" "sockets of revoked sessions are left open",
    NotesShown "notes_shown" "visitors are shown notes",
    ForeignReadable "foreign_readable" "a visitor may read and write in another visitor's conversations",
    FenceIgnored "fence_ignored" "commands that carry an old fence are carried out",
    ReplyTwice "reply_twice" "a reply to a turn that has been answered is applied",
    SweepDropped "sweep_dropped" "conversations of agents who are gone are not put back into the queue",
}
