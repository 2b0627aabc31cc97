//! What reports say: the course of each conversation, the days that a report is about, and the figures.
//!
//! Courses are written where conversations change hands; figures are counted out of nothing else.

pub mod course;
pub mod csv;
pub mod figures;
pub mod period;

pub use course::Course;
pub use figures::{Count, Figures, Ratings, Report, Span};
pub use period::{BadPeriod, Period, Zone};
