//! A piece of a file, for whoever may see it: not those that are not whole, and for a visitor not those of notes.

use super::{attached, not_found, parse, uploader};
use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::file::{self, File};
use switchboard_wire::Bytes64;
use switchboard_wire::call::file::{GetPiece, Piece};

impl Handle for GetPiece {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Piece> {
        let party = actor.party()?;
        let c = act::load_for(cx, &self.conversation, &party).await?;
        let own = uploader(&party);
        let shown = |file: &File| {
            let visible = match party {
                Party::Agent(_) => true,
                Party::Visitor(_) => file.public,
            };
            file.conversation == c.id && file.sealed && (visible || file.uploader == own)
        };
        let file = file::get(&mut cx.tx, &parse(&self.file)?).await?.filter(shown).ok_or_else(not_found)?;
        let data = file::piece(&mut cx.tx, &file.id, self.n).await?.ok_or_else(not_found)?;
        Ok(Piece { file: (&attached(&file)).into(), data: Bytes64(data.into()) })
    }
}
