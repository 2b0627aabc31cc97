//! The days that a report is about, in a time zone.

use crate::clock::Millis;
use crate::limits::REPORT_DAYS;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// Days of a report when nothing is said.
const DEFAULT_DAYS: i32 = 7;
/// The zone when nothing is said.
const DEFAULT_ZONE: &str = "UTC";
/// Longest name of a zone, in bytes.
const ZONE_BYTES: usize = 64;

/// Why a report cannot be about that; each text says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPeriod {
    /// There is no such zone.
    #[error("name a time zone of the IANA database, such as Europe/Berlin")]
    Zone,
    /// The first day is none.
    #[error("write the first day as YYYY-MM-DD")]
    From,
    /// The last day is none.
    #[error("write the last day as YYYY-MM-DD")]
    To,
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    Order,
    /// It is too long.
    #[error("choose a shorter time: a report is about 92 days at most")]
    TooLong,
}

impl BadPeriod {
    /// The part of the question that is at fault.
    pub fn field(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::From => "from",
            Self::To | Self::Order | Self::TooLong => "to",
        }
    }
}

/// A time zone of the IANA database, which the program carries with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

impl Zone {
    /// The zone of this name; UTC when nothing is said.
    ///
    /// # Errors
    /// [`BadPeriod::Zone`] when there is none.
    pub fn named(name: Option<&str>) -> Result<Self, BadPeriod> {
        let name = name.filter(|name| !name.is_empty()).unwrap_or(DEFAULT_ZONE);
        if name.len() > ZONE_BYTES {
            return Err(BadPeriod::Zone);
        }
        let zone = TimeZone::get(name).map_err(|_| BadPeriod::Zone)?;
        let name = zone.iana_name().unwrap_or(name).to_owned();
        Ok(Self { zone, name })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A moment as the clocks there show it: `2026-11-26 17:04:09`.
    pub fn shown(&self, at: Millis) -> String {
        self.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn local(&self, at: Millis) -> jiff::civil::DateTime {
        let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX);
        self.zone.to_datetime(at)
    }

    /// The first moment of a day there.
    fn begins(&self, day: Date) -> Option<Millis> {
        let zoned = self.zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible().ok()?;
        zoned.start_of_day().ok().map(|start| start.timestamp().as_millisecond())
    }
}

/// Whole days, the last one included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    zone: Zone,
    first: Date,
    last: Date,
    start: Millis,
    end: Millis,
}

impl Period {
    /// From one day to another; the last seven days when nothing is said, and with one of them said, seven from or to
    /// that one.
    ///
    /// # Errors
    /// [`BadPeriod`] says what is wrong with it.
    pub fn of(
        from: Option<&str>,
        to: Option<&str>,
        zone: Option<&str>,
        now: Millis,
    ) -> Result<Self, BadPeriod> {
        let zone = Zone::named(zone)?;
        let read = |text: Option<&str>, bad| match text.filter(|text| !text.is_empty()) {
            Some(text) => day(text).ok_or(bad).map(Some),
            None => Ok(None),
        };
        let today = zone.local(now).date();
        let week =
            |day: Date, days: i32| day.checked_add(jiff::Span::new().days(days)).map_err(|_| BadPeriod::To);
        let (first, last) = match (read(from, BadPeriod::From)?, read(to, BadPeriod::To)?) {
            (Some(first), Some(last)) => (first, last),
            (Some(first), None) => (first, week(first, DEFAULT_DAYS - 1)?),
            (None, last) => {
                let last = last.unwrap_or(today);
                (week(last, 1 - DEFAULT_DAYS)?, last)
            }
        };
        if last.cmp(&first) == Ordering::Less {
            return Err(BadPeriod::Order);
        }
        if first.until(last).map_err(|_| BadPeriod::TooLong)?.get_days() >= REPORT_DAYS {
            return Err(BadPeriod::TooLong);
        }
        let after = last.tomorrow().map_err(|_| BadPeriod::To)?;
        let start = zone.begins(first).ok_or(BadPeriod::From)?;
        let end = zone.begins(after).ok_or(BadPeriod::To)?;
        Ok(Self { zone, first, last, start, end })
    }

    /// Its time zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Its first moment.
    pub fn start(&self) -> Millis {
        self.start
    }

    /// The first moment after it.
    pub fn end(&self) -> Millis {
        self.end
    }

    /// The first day, as `YYYY-MM-DD`.
    pub fn first(&self) -> String {
        self.first.to_string()
    }

    /// The last day, as `YYYY-MM-DD`.
    pub fn last(&self) -> String {
        self.last.to_string()
    }

    /// All its days in order.
    pub fn days(&self) -> Vec<String> {
        let mut days = vec![self.first];
        while let Some(next) = days.last().filter(|day| **day < self.last).and_then(|day| day.tomorrow().ok())
        {
            days.push(next);
        }
        days.iter().map(Date::to_string).collect()
    }

    /// The place of a moment's day in [`Period::days`], and its hour by the clocks there, 0 to 23; nothing for what lies
    /// outside.
    pub fn place(&self, at: Millis) -> Option<(usize, usize)> {
        if at < self.start || at >= self.end {
            return None;
        }
        let local = self.zone.local(at);
        let day = self.first.until(local.date()).ok()?.get_days();
        Some((usize::try_from(day).ok()?, usize::try_from(local.hour()).ok()?))
    }
}

/// Exactly `YYYY-MM-DD`.
fn day(text: &str) -> Option<Date> {
    const DAY_CHARS: usize = 10;
    (text.len() == DAY_CHARS).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;
    use proptest::prelude::*;

    fn at(text: &str) -> Millis {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn the_last_seven_days_when_nothing_is_said() {
        let now = at("2026-11-26T23:30:00Z");
        let week = Period::of(None, None, None, now).unwrap();
        assert_eq!((week.first(), week.last()), ("2026-11-20".into(), "2026-11-26".into()));
        assert_eq!((week.days().len(), week.zone().name()), (7, "UTC"));
        let berlin = Period::of(None, None, Some("Europe/Berlin"), now).unwrap();
        assert_eq!(berlin.last(), "2026-11-27", "there it is tomorrow already");
        let from = Period::of(Some("2026-01-01"), None, None, now).unwrap();
        assert_eq!(from.last(), "2026-01-07");
        let to = Period::of(None, Some("2026-01-07"), None, now).unwrap();
        assert_eq!(to.first(), "2026-01-01");
    }

    #[test]
    fn what_is_no_period_is_refused_with_a_reason() {
        let refused = |from, to, zone| Period::of(from, to, zone, 0).unwrap_err();
        assert_eq!(refused(None, None, Some("Mars/Base")), BadPeriod::Zone);
        assert_eq!(refused(None, None, Some("../../etc/passwd")), BadPeriod::Zone);
        assert_eq!(refused(Some("yesterday"), None, None), BadPeriod::From);
        assert_eq!(refused(Some("2026-02-30"), None, None), BadPeriod::From);
        assert_eq!(refused(Some("2026-02-01"), Some("2026-2-3"), None), BadPeriod::To);
        assert_eq!(refused(Some("2026-02-02"), Some("2026-02-01"), None), BadPeriod::Order);
        assert_eq!(refused(Some("2026-01-01"), Some("2026-04-03"), None), BadPeriod::TooLong);
        let most = Period::of(Some("2026-01-01"), Some("2026-04-02"), None, 0).unwrap();
        assert_eq!(most.days().len(), 92);
        assert_eq!(refused(Some("9999-12-31"), Some("9999-12-31"), None), BadPeriod::To);
    }

    #[test]
    fn days_are_as_long_as_they_are_there() {
        let hours = |day: &str| {
            let one = Period::of(Some(day), Some(day), Some("Europe/Berlin"), 0).unwrap();
            (one.end() - one.start()) / 3_600_000
        };
        assert_eq!([hours("2026-03-28"), hours("2026-03-29"), hours("2026-10-25")], [24, 23, 25]);
        let day = Period::of(Some("2026-03-29"), Some("2026-03-29"), Some("Europe/Berlin"), 0).unwrap();
        assert_eq!(day.place(at("2026-03-29T00:59:59Z")), Some((0, 1)));
        assert_eq!(day.place(at("2026-03-29T01:00:00Z")), Some((0, 3)), "there is no third hour that day");
        assert_eq!(day.place(at("2026-03-28T22:59:59Z")), None);
        assert_eq!(day.zone().shown(at("2026-03-29T01:00:00Z")), "2026-03-29 03:00:00");
        // Midnight itself is left out there.
        let beirut = Period::of(Some("2026-03-29"), Some("2026-03-29"), Some("Asia/Beirut"), 0).unwrap();
        assert_eq!((beirut.end() - beirut.start()) / 3_600_000, 23);
    }

    proptest! {
        #[test]
        fn every_moment_of_a_period_is_on_one_of_its_days(
            day in 0..20_000_i64,
            length in 0..92_i64,
            within in 0.0..1.0_f64,
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
        ) {
            let date = |day: i64| crate::clock::rfc3339(day * 86_400_000)[..10].to_owned();
            let (from, to) = (date(day), date(day + length));
            let period = Period::of(Some(&from), Some(&to), Some(zone), 0).unwrap();
            prop_assert_eq!(period.days().len(), usize::try_from(length + 1).unwrap());
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a moment in between")]
            let at = period.start() + ((period.end() - period.start()) as f64 * within) as i64;
            let (place, hour) = period.place(at.min(period.end() - 1)).unwrap();
            prop_assert!(place < period.days().len() && hour < 24);
            prop_assert_eq!(period.place(period.start()).map(|(day, _)| day), Some(0));
            prop_assert_eq!(period.place(period.end() - 1).map(|(day, _)| day), Some(period.days().len() - 1));
            prop_assert!(period.zone().shown(at).starts_with(&period.days()[place]) || at == period.end());
        }
    }
}
