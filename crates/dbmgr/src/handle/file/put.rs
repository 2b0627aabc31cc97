//! Storing a piece of a file: the first one begins it, the last one seals it.

use super::{PIECE, attached, not_found, parse, uploader};
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::file::{self as rules, FileKind};
use switchboard_domain::limits::{FILE_OPEN_MS, FILE_UNSENT_MS};
use switchboard_domain::{Conversation, FileId};
use switchboard_storage::file::{self, File};
use switchboard_wire::call::file::{OneFile, PutPiece};
use switchboard_wire::{Failure, Problem};

impl Handle for PutPiece {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneFile> {
        let party = actor.party()?;
        let c = act::load_for(cx, &self.conversation, &party).await?;
        let uploader = uploader(&party);
        let mut file = match &self.file {
            None => begin(&self, &c, uploader, cx)?,
            Some(id) => {
                let file = file::lock(&mut cx.tx, &parse(id)?).await?;
                let mine = |file: &File| file.conversation == c.id && file.uploader == uploader;
                file.filter(mine).ok_or_else(not_found)?
            }
        };
        if self.n < pieces(&file) && self.file.is_some() {
            // A repeat.
            return Ok(OneFile { file: (&attached(&file)).into() });
        }
        let size = checked(&self, &file)?;
        roomy(cx, &file, size).await?;
        if self.file.is_none() {
            file::insert(&mut cx.tx, &file).await?;
        }
        file::add_piece(&mut cx.tx, &file.id, self.n, &self.data.0).await?;
        file.size += size;
        file.sealed = self.last;
        file.expires_at = Some(cx.now + if self.last { FILE_UNSENT_MS } else { FILE_OPEN_MS });
        file::grow(&mut cx.tx, &file).await?;
        Ok(OneFile { file: (&attached(&file)).into() })
    }
}

/// How many pieces are stored of it.
fn pieces(file: &File) -> i64 {
    (file.size + PIECE - 1) / PIECE
}

/// A file of which nothing is there yet.
fn begin(put: &PutPiece, c: &Conversation, uploader: String, cx: &Cx) -> Outcome<File> {
    if put.data.0.is_empty() {
        return Err(Failure::invalid("file", "choose another one: this file is empty").into());
    }
    Ok(File {
        id: FileId::timed(cx.now, cx.shared.rng.as_ref()),
        conversation: c.id.clone(),
        uploader,
        name: rules::name(&put.name),
        kind: FileKind::of(&put.data.0),
        size: 0,
        sealed: false,
        public: false,
        created_at: cx.now,
        expires_at: Some(cx.now + FILE_OPEN_MS),
    })
}

/// The size of a piece that comes next and is neither too small nor too large.
fn checked(put: &PutPiece, file: &File) -> Outcome<i64> {
    let size = i64::try_from(put.data.0.len()).unwrap_or(i64::MAX);
    let fits = size == PIECE || (put.last && (1..PIECE).contains(&size));
    if file.sealed || put.n != pieces(file) || !fits {
        return Err(Failure::new(Problem::BadRequest, "the pieces of a file come one after the other").into());
    }
    Ok(size)
}

/// Refuses what would be too much of one file, or of all files of its conversation.
async fn roomy(cx: &mut Cx, file: &File, more: i64) -> Outcome<()> {
    let limits = cx.shared.files;
    if file.size + more > limits.file_bytes {
        return Err(Failure::new(Problem::TooLarge, rules::too_large(limits.file_bytes)).into());
    }
    if file::bytes_of(&mut cx.tx, &file.conversation).await? + more > limits.conversation_bytes {
        let detail = format!(
            "the files of a conversation have at most {} together: send this one in another way",
            rules::shown_size(limits.conversation_bytes)
        );
        return Err(Failure::new(Problem::TooLarge, detail).into());
    }
    Ok(())
}
