//! Files on their way through the edge, piece by piece: a node never has more than two pieces of one in hand.

pub(crate) mod give;
pub(crate) mod named;
pub(crate) mod pieces;
pub(crate) mod take;
