//! The files that the items of a batch name. A batch without any costs nothing here.

use super::item::{Item, unknown_file};
use crate::handle::file::attached;
use std::collections::{BTreeSet, HashMap};
use switchboard_domain::file::{Attached, FileLimits};
use switchboard_domain::{Author, FileId};
use switchboard_storage::file::{self, File};
use switchboard_storage::{Error, Tx};
use switchboard_wire::Failure;
use switchboard_wire::call::append::AppendKind;

/// Files that can be sent, and those that are, by messages and by notes.
#[derive(Default)]
pub(super) struct Files {
    there: HashMap<FileId, File>,
    in_messages: Vec<FileId>,
    in_notes: Vec<FileId>,
}

impl Files {
    /// Loads and locks those that there are. Their conversations are locked, so nobody else sends them; what another
    /// transaction has locked is still being uploaded or just being swept.
    pub(super) async fn load<'a>(tx: &mut Tx, items: impl Iterator<Item = &'a Item>) -> Result<Self, Error> {
        let ids: BTreeSet<&FileId> = items.flat_map(|item| &item.files).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<FileId> = ids.into_iter().cloned().collect();
        let there = file::try_lock_many(tx, &ids).await?.into_iter();
        Ok(Self { there: there.map(|file| (file.id.clone(), file)).collect(), ..Self::default() })
    }

    /// Those of an item of `author`'s, if it can send all of them.
    pub(super) fn of(
        &self,
        item: &Item,
        author: &Author,
        limits: FileLimits,
    ) -> Result<Vec<Attached>, Failure> {
        if item.files.len() > limits.per_message {
            let reason = format!("send at most {} files with one message", limits.per_message);
            return Err(Failure::invalid("body.files", &reason));
        }
        let sender = author.sender();
        let fits = |file: &&File| {
            file.conversation == item.conversation
                && file.uploader == sender
                && file.sealed
                && file.expires_at.is_some()
        };
        let one = |id| self.there.get(id).filter(fits).map(attached).ok_or_else(unknown_file);
        item.files.iter().map(one).collect()
    }

    /// This item is written, and its files with it.
    pub(super) fn sent(&mut self, item: &Item) {
        for id in &item.files {
            self.there.remove(id);
        }
        let list = match item.kind {
            AppendKind::Message => &mut self.in_messages,
            AppendKind::Note => &mut self.in_notes,
        };
        list.extend(item.files.iter().cloned());
    }

    /// Writes which ones are sent.
    pub(super) async fn save(&self, tx: &mut Tx) -> Result<(), Error> {
        file::keep(tx, &self.in_messages, true).await?;
        file::keep(tx, &self.in_notes, false).await
    }
}
