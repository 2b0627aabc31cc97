//! Business hours: when a team says that it is there, by the clock on its own wall.
//!
//! Rules for daylight saving time come with the program (the IANA database, RFC 6557), so that all nodes agree.

use crate::clock::Millis;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use serde::{Deserialize, Serialize};

/// Most stretches of one day.
pub const SPANS: usize = 6;
/// Most holidays.
pub const HOLIDAYS: usize = 100;
/// How far ahead the next opening is looked for, in days.
const AHEAD_DAYS: i32 = 400;
/// How long ago hours may have begun or ended to be told: what nobody was there to see for longer is of no use any more.
pub const TURN_MS: Millis = 7 * 24 * 60 * MINUTE_MS;
/// What hours are told in.
const MINUTE_MS: Millis = 60_000;
/// The end of a day, as the end of a stretch.
const MIDNIGHT: &str = "24:00";

/// A week of a team's hours, in a time zone, and the days on which it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The time zone's name, such as `Europe/Amsterdam`.
    pub zone: String,
    /// Monday to Sunday; a day without stretches is closed.
    pub week: [Vec<Span>; 7],
    /// Days on which it is closed whatever the week says.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A stretch of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// `HH:MM`, the first minute.
    pub from: String,
    /// `HH:MM`, the minute after the last; `24:00` is the end of the day.
    pub to: String,
}

/// A day on which a team is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// `YYYY-MM-DD`, by the team's calendar.
    pub date: String,
    /// What it is called, for the admin.
    #[serde(default)]
    pub name: String,
}

/// A moment at which hours begin or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The first moment at which it is so.
    pub at: Millis,
    /// Whether they begin.
    pub open: bool,
}

/// Why hours are not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    /// The zone is not in the IANA database.
    #[error("there is no time zone {0:?}: give a name such as Europe/Amsterdam or UTC")]
    Zone(String),
    /// A stretch that cannot be read, or ends before it begins.
    #[error("{0}–{1} is no stretch of a day: give two times such as 09:00 and 17:30, the later one second")]
    Span(String, String),
    /// Two stretches of a day overlap, or stand in the wrong order.
    #[error("the stretches of a day must follow each other without overlapping")]
    Order,
    /// Too many stretches.
    #[error("a day has at most {SPANS} stretches")]
    Spans,
    /// Not a date.
    #[error("{0:?} is no date: give one such as 2026-12-25")]
    Date(String),
    /// Too many holidays, or a name that is too long.
    #[error("give at most {HOLIDAYS} holidays, with names of at most 80 characters")]
    Holidays,
    /// No moment within the next year is within them.
    #[error("these hours never open: add a stretch on at least one day, or take a holiday away")]
    Never,
}

impl Hours {
    /// Checks what an admin gave.
    ///
    /// # Errors
    /// See [`BadHours`]; hours that do not open within the next 400 days are refused.
    pub fn check(&self, now: Millis) -> Result<(), BadHours> {
        self.tz().ok_or_else(|| BadHours::Zone(self.zone.clone()))?;
        for day in &self.week {
            check_day(day)?;
        }
        let long = |day: &Holiday| day.name.chars().count() > crate::limits::NAME_CHARS;
        if self.holidays.len() > HOLIDAYS || self.holidays.iter().any(long) {
            return Err(BadHours::Holidays);
        }
        if let Some(bad) = self.holidays.iter().find(|day| date(&day.date).is_none()) {
            return Err(BadHours::Date(bad.date.clone()));
        }
        if self.is_open(now) || self.opens_at(now).is_some() { Ok(()) } else { Err(BadHours::Never) }
    }

    /// Whether `now` is within them.
    pub fn is_open(&self, now: Millis) -> bool {
        self.local(now).is_some_and(|local| !self.closed().contains(&local.date()) && self.in_week(&local))
    }

    /// The next moment after `now` at which they open; none within 400 days, or while they cannot be read.
    pub fn opens_at(&self, now: Millis) -> Option<Millis> {
        let local = self.local(now)?;
        let openings = (0..AHEAD_DAYS).flat_map(|ahead| {
            let date = local.date().saturating_add(ahead.days());
            let open =
                self.day(date).iter().filter_map(move |span| Some(date.to_datetime(time(&span.from)?)));
            open.filter_map(|at| at.to_zoned(local.time_zone().clone()).ok())
        });
        openings.map(|at| at.timestamp().as_millisecond()).find(|at| *at > now)
    }

    /// The last time behind `after` and up to `now` at which they began or ended, whatever the clocks did in between; at
    /// most [`TURN_MS`] ago. None while they cannot be read.
    pub fn turned(&self, after: Millis, now: Millis) -> Option<Turn> {
        let (tz, closed) = (self.tz()?, self.closed());
        let is_open = |at: Millis| {
            let local = Timestamp::from_millisecond(at).ok().map(|at| at.to_zoned(tz.clone()));
            local.is_some_and(|local| !closed.contains(&local.date()) && self.in_week(&local))
        };
        let open = is_open(now);
        let after = after.max(now.saturating_sub(TURN_MS));
        // Clocks show whole minutes everywhere at the same moments.
        let mut at = now - now.rem_euclid(MINUTE_MS);
        while at > after {
            if is_open(at - 1) != open {
                return Some(Turn { at, open });
            }
            at -= MINUTE_MS;
        }
        None
    }

    fn tz(&self) -> Option<TimeZone> {
        TimeZone::get(&self.zone).ok()
    }

    fn local(&self, now: Millis) -> Option<Zoned> {
        Some(Timestamp::from_millisecond(now).ok()?.to_zoned(self.tz()?))
    }

    /// The days on which it is closed whatever the week says.
    fn closed(&self) -> Vec<Date> {
        self.holidays.iter().filter_map(|day| date(&day.date)).collect()
    }

    /// Whether the week says that it is open then.
    fn in_week(&self, local: &Zoned) -> bool {
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        self.week[place(local.weekday())].iter().any(|span| span.holds(minute))
    }

    /// The stretches of a date.
    fn day(&self, date: Date) -> &[Span] {
        if self.holidays.iter().any(|day| self::date(&day.date) == Some(date)) {
            return &[];
        }
        &self.week[place(date.weekday())]
    }
}

impl Span {
    /// The first minute of the day and the one after the last.
    fn minutes(&self) -> Option<(i32, i32)> {
        let minute = |at: Time| i32::from(at.hour()) * 60 + i32::from(at.minute());
        let from = minute(time(&self.from)?);
        let to = if self.to == MIDNIGHT { 24 * 60 } else { minute(time(&self.to)?) };
        (from < to).then_some((from, to))
    }

    fn holds(&self, minute: i32) -> bool {
        self.minutes().is_some_and(|(from, to)| (from..to).contains(&minute))
    }
}

fn check_day(day: &[Span]) -> Result<(), BadHours> {
    if day.len() > SPANS {
        return Err(BadHours::Spans);
    }
    let mut end = 0;
    for span in day {
        let bad = || BadHours::Span(span.from.clone(), span.to.clone());
        let (from, to) = span.minutes().ok_or_else(bad)?;
        if from < end {
            return Err(BadHours::Order);
        }
        end = to;
    }
    Ok(())
}

/// Monday is 0.
fn place(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}

/// Exactly `HH:MM`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let parts = (two(hour) && two(minute)).then(|| (hour.parse().ok(), minute.parse().ok()))?;
    Time::new(parts.0?, parts.1?, 0, 0).ok()
}

/// Exactly `YYYY-MM-DD`.
fn date(text: &str) -> Option<Date> {
    if text.len() == 10 { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    fn span(from: &str, to: &str) -> Span {
        Span { from: from.into(), to: to.into() }
    }

    fn office(zone: &str) -> Hours {
        let day = vec![span("09:00", "12:30"), span("13:00", "17:00")];
        let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]];
        Hours { zone: zone.into(), week, holidays: vec![] }
    }

    fn at(text: &str) -> Millis {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn open_by_the_clock_on_the_teams_wall() {
        let hours = office("Europe/Amsterdam");
        // A Thursday in winter: 09:00 there is 08:00 UTC.
        assert!(!hours.is_open(at("2026-11-26T07:59:59.999Z")));
        assert!(hours.is_open(at("2026-11-26T08:00:00Z")));
        assert!(!hours.is_open(at("2026-11-26T11:30:00Z")), "lunch");
        assert!(hours.is_open(at("2026-11-26T15:59:59Z")));
        assert!(!hours.is_open(at("2026-11-26T16:00:00Z")), "the last minute is not open");
        assert!(!hours.is_open(at("2026-11-28T10:00:00Z")), "a Saturday");
        // In summer it is an hour earlier by UTC.
        assert!(hours.is_open(at("2026-07-02T07:00:00Z")));
    }

    #[test]
    fn the_next_opening_is_told_over_weekends_holidays_and_changes_of_the_clock() {
        let mut hours = office("Europe/Amsterdam");
        assert_eq!(hours.opens_at(at("2026-11-26T11:45:00Z")), Some(at("2026-11-26T12:00:00Z")));
        assert_eq!(hours.opens_at(at("2026-11-27T17:00:00Z")), Some(at("2026-11-30T08:00:00Z")));
        hours.holidays.push(Holiday { date: "2026-11-30".into(), name: "Founders".into() });
        assert_eq!(hours.opens_at(at("2026-11-27T17:00:00Z")), Some(at("2026-12-01T08:00:00Z")));
        assert!(!hours.is_open(at("2026-11-30T10:00:00Z")));
        // The clock goes forward on Sunday, 28 March 2027.
        assert_eq!(hours.opens_at(at("2027-03-26T20:00:00Z")), Some(at("2027-03-29T07:00:00Z")));
    }

    #[test]
    fn a_turn_is_told_once_it_has_come_and_only_the_last() {
        let hours = office("Europe/Amsterdam");
        let turned = |after: &str, now: &str| hours.turned(at(after), at(now));
        let turn = |text: &str, open: bool| Some(Turn { at: at(text), open });
        let (eve, nine) = ("2026-11-25T20:00:00Z", "2026-11-26T08:00:00Z");
        assert_eq!(turned(eve, "2026-11-26T07:59:59.999Z"), None);
        assert_eq!(turned(eve, nine), turn(nine, true));
        assert_eq!(turned(eve, "2026-11-26T08:00:03.021Z"), turn(nine, true));
        assert_eq!(turned(nine, "2026-11-26T08:00:03Z"), None, "it was told");
        assert_eq!(turned(eve, "2026-11-26T11:31:00Z"), turn("2026-11-26T11:30:00Z", false), "lunch");
        assert_eq!(turned(eve, "2026-11-27T20:00:00Z"), turn("2026-11-27T16:00:00Z", false));
        assert_eq!(turned("2026-11-27T16:00:00Z", "2026-11-30T07:00:00Z"), None, "a weekend");
        assert_eq!(
            turned("2020-01-01T00:00:00Z", "2026-11-29T12:00:00Z"),
            turn("2026-11-27T16:00:00Z", false)
        );
        let mut away = hours.clone();
        away.week = Default::default();
        assert_eq!(away.turned(at("2020-01-01T00:00:00Z"), at(nine)), None);
        away.zone = "Mars/Olympus".into();
        assert_eq!(away.turned(at(eve), at(nine)), None);
    }

    #[test]
    fn a_turn_is_where_the_clock_on_the_wall_says_it_is() {
        let mut hours = office("Europe/Amsterdam");
        // From two to three there is nothing on the 28th of March 2027: who opens at half past two does at three.
        hours.week[6] = vec![span("02:30", "05:00")];
        let (eve, noon) = (at("2027-03-27T20:00:00Z"), at("2027-03-28T12:00:00Z"));
        assert_eq!(
            hours.turned(eve, at("2027-03-28T02:00:00Z")).map(|turn| turn.at),
            Some(at("2027-03-28T01:00:00Z"))
        );
        assert_eq!(hours.turned(eve, noon), Some(Turn { at: at("2027-03-28T03:00:00Z"), open: false }));
        // Stretches that meet at midnight are one.
        hours.week[5] = vec![span("22:00", "24:00")];
        hours.week[6] = vec![span("00:00", "02:00")];
        let night = hours.turned(at("2026-11-28T12:00:00Z"), at("2026-11-29T00:30:00Z"));
        assert_eq!(night, Some(Turn { at: at("2026-11-28T21:00:00Z"), open: true }));
    }

    #[test]
    fn a_stretch_may_end_with_the_day() {
        let mut hours = office("UTC");
        hours.week[5] = vec![span("22:00", "24:00")];
        hours.week[6] = vec![span("00:00", "02:00")];
        assert!(hours.check(0).is_ok());
        assert!(hours.is_open(at("2026-11-28T23:59:59Z")));
        assert!(hours.is_open(at("2026-11-29T01:59:00Z")));
        assert!(!hours.is_open(at("2026-11-29T02:00:00Z")));
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_a_reason() {
        let now = at("2026-11-26T08:00:00Z");
        let check = |change: &dyn Fn(&mut Hours)| {
            let mut hours = office("UTC");
            change(&mut hours);
            hours.check(now)
        };
        assert_eq!(check(&|_| {}), Ok(()));
        assert!(matches!(check(&|h| h.zone = "Mars/Olympus".into()), Err(BadHours::Zone(_))));
        for (from, to) in
            [("9:00", "17:00"), ("17:00", "09:00"), ("09:00", "09:00"), ("24:00", "24:00"), ("a", "b")]
        {
            assert!(
                matches!(check(&|h| h.week[0] = vec![span(from, to)]), Err(BadHours::Span(..))),
                "{from} {to}"
            );
        }
        let twice = vec![span("09:00", "12:00"), span("11:00", "13:00")];
        assert_eq!(check(&|h| h.week[0] = twice.clone()), Err(BadHours::Order));
        let many: Vec<Span> = (0..7).map(|n| span(&format!("0{n}:00"), &format!("0{n}:30"))).collect();
        assert_eq!(check(&|h| h.week[0] = many.clone()), Err(BadHours::Spans));
        assert_eq!(check(&|h| h.week = Default::default()), Err(BadHours::Never));
        let day = |date: &str| Holiday { date: date.into(), name: String::new() };
        assert!(matches!(check(&|h| h.holidays = vec![day("26-12-25")]), Err(BadHours::Date(_))));
        assert_eq!(check(&|h| h.holidays = vec![day("2026-12-25"); HOLIDAYS + 1]), Err(BadHours::Holidays));
    }
}
