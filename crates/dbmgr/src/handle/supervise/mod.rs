//! Supervisors: admins who read along and whisper. Each call is let in by the gate as an admin's, in the transaction that
//! reads or writes; no agent's right is widened by it.

mod held;
mod look;
mod whisper;
