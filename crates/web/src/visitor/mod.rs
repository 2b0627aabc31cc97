//! What visitors do over HTTP, a verb a file. Whose conversation it is, the dbmgr says, where it commits.

pub(crate) mod add_file;
pub(crate) mod arrive;
pub(crate) mod cut_off;
pub(crate) mod get_conversation;
pub(crate) mod get_directory;
pub(crate) mod get_entries;
pub(crate) mod get_file;
pub(crate) mod get_transcript;
pub(crate) mod hand_off;
pub(crate) mod list_conversations;
pub(crate) mod mail_transcript;
pub(crate) mod open_mail;
pub(crate) mod rate;
pub(crate) mod resolve;
pub(crate) mod start_conversation;
pub(crate) mod stop_mail;
pub(crate) mod write;
