//! Points in time and spans as Pydantic reads and writes them (ISO 8601, as its speedate does).
#![allow(dead_code)]

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset};
use chrono::{TimeDelta, Timelike, Utc};
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// A text that isn't what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTime(&'static str);

impl fmt::Display for NoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NoTime {}

/// A date and time, with an offset or without one, as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    Aware(DateTime<FixedOffset>),
    Naive(NaiveDateTime),
}

impl Moment {
    /// In UTC; one without an offset is taken for UTC.
    pub fn to_utc(self) -> DateTime<Utc> {
        match self {
            Self::Aware(at) => at.to_utc(),
            Self::Naive(at) => at.and_utc(),
        }
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Aware(at.fixed_offset())
    }
}

impl From<NaiveDateTime> for Moment {
    fn from(at: NaiveDateTime) -> Self {
        Self::Naive(at)
    }
}

impl FromStr for Moment {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let wrong = NoTime("Input should be a valid datetime");
        if let Some(at) = text.parse().ok().and_then(timestamp) {
            return Ok(Self::Aware(at));
        }
        let (day, rest) = split_at(text, 10).ok_or(wrong)?;
        let day = date(day).ok_or(wrong)?;
        if rest.is_empty() {
            return Ok(Self::Naive(day.and_time(NaiveTime::MIN)));
        }
        let rest = rest.strip_prefix(['T', 't', ' ', '_']).ok_or(wrong)?;
        let (time, offset) = clock(rest).ok_or(wrong)?;
        let naive = day.and_time(time);
        match offset {
            None => Ok(Self::Naive(naive)),
            Some(offset) => match naive.and_local_timezone(offset).single() {
                Some(at) => Ok(Self::Aware(at)),
                None => Err(wrong),
            },
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (naive, offset) = match self {
            Self::Aware(at) => (at.naive_local(), Some(at.offset().fix())),
            Self::Naive(at) => (*at, None),
        };
        write!(f, "{}T", naive.date())?;
        write_clock(f, naive.time(), offset)
    }
}

/// A date and time that must have an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Aware(pub DateTime<FixedOffset>);

impl FromStr for Aware {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        match text.parse()? {
            Moment::Aware(at) => Ok(Self(at)),
            Moment::Naive(_) => Err(NoTime("Input should have timezone info")),
        }
    }
}

impl fmt::Display for Aware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Moment::Aware(self.0).fmt(f)
    }
}

/// A date and time that mustn't have an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Naive(pub NaiveDateTime);

impl FromStr for Naive {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        match text.parse()? {
            Moment::Naive(at) => Ok(Self(at)),
            Moment::Aware(_) => Err(NoTime("Input should not have timezone info")),
        }
    }
}

impl fmt::Display for Naive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Moment::Naive(self.0).fmt(f)
    }
}

/// A time of day, with an offset or without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    pub time: NaiveTime,
    pub offset: Option<FixedOffset>,
}

impl FromStr for Clock {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let (time, offset) = clock(text).ok_or(NoTime("Input should be in a valid time format"))?;
        Ok(Self { time, offset })
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_clock(f, self.time, self.offset)
    }
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub TimeDelta);

impl FromStr for Span {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let (negative, bare) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let microseconds = match bare.strip_prefix(['P', 'p']) {
            Some(parts) => period(parts),
            None => days_and_clock(bare),
        };
        let found = microseconds.ok_or(NoTime("Input should be a valid timedelta"))?;
        let signed = if negative { -found } else { found };
        Ok(Self(TimeDelta::microseconds(signed)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0.abs();
        let (days, seconds) = (length.num_days(), length.num_seconds() % 86_400);
        let microseconds = length.subsec_nanos() / 1_000;
        f.write_str(if self.0 < TimeDelta::zero() {
            "-P"
        } else {
            "P"
        })?;
        for (count, unit) in [(days / 365, 'Y'), (days % 365, 'D')] {
            if count != 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        if seconds == 0 && microseconds == 0 {
            return f.write_str(if days == 0 { "T0S" } else { "" });
        }
        f.write_str("T")?;
        for (count, unit) in [(seconds / 3_600, 'H'), (seconds / 60 % 60, 'M')] {
            if count != 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        match (seconds % 60, microseconds) {
            (0, 0) => Ok(()),
            (seconds, 0) => write!(f, "{seconds}S"),
            (seconds, part) => {
                let digits = format!("{part:06}");
                write!(f, "{seconds}.{}S", digits.trim_end_matches('0'))
            }
        }
    }
}

macro_rules! as_text {
    ($($name:ident)*) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        })*
    };
}

as_text!(Moment Aware Naive Clock Span);

/// Seconds since 1970, milliseconds where they would lie beyond the year 2603.
fn timestamp(number: f64) -> Option<DateTime<FixedOffset>> {
    let seconds = if number.abs() > 2e10 {
        number / 1e3
    } else {
        number
    };
    let microseconds = (seconds * 1e6).round();
    (microseconds.abs() < 2.5e17)
        .then(|| DateTime::from_timestamp_micros(microseconds as i64))
        .flatten()
        .map(|at| at.fixed_offset())
}

fn split_at(text: &str, at: usize) -> Option<(&str, &str)> {
    text.is_char_boundary(at.min(text.len()))
        .then(|| text.split_at_checked(at))
        .flatten()
}

fn digits(text: &str, count: usize) -> Option<u32> {
    let right = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    right.then(|| text.parse().ok()).flatten()
}

fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4).filter(|year| *year > 0)?;
    let (month, day) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `12:30`, `12:30:45.5`, with `Z`, `+02:00` or nothing behind it.
fn clock(text: &str) -> Option<(NaiveTime, Option<FixedOffset>)> {
    let end = text
        .find(['Z', 'z', '+', '-', '\u{2212}'])
        .unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let (time, fraction) = match time.split_once(['.', ',']) {
        Some((time, fraction)) => (time, Some(fraction)),
        None => (time, None),
    };
    let mut parts = time.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = match parts.next() {
        Some(text) => digits(text, 2)?,
        None if fraction.is_some() => return None,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    let microseconds = match fraction {
        Some("") => return None,
        Some(text) => digits(&format!("{text:0<6}"), text.len().max(6)).map(|_| text)?,
        None => "",
    };
    let microseconds: u32 = format!("{microseconds:0<6}")[..6].parse().ok()?;
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second, microseconds)?;
    Some((time, offset(zone)?))
}

fn offset(text: &str) -> Option<Option<FixedOffset>> {
    if text.is_empty() {
        return Some(None);
    }
    if matches!(text, "Z" | "z") {
        return Some(FixedOffset::east_opt(0));
    }
    let east = text.starts_with('+');
    let rest = text.trim_start_matches(['+', '-', '\u{2212}']);
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None => split_at(rest, 2)?,
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).ok()?;
    FixedOffset::east_opt(if east { seconds } else { -seconds }).map(Some)
}

fn write_clock(
    f: &mut fmt::Formatter<'_>,
    time: NaiveTime,
    offset: Option<FixedOffset>,
) -> fmt::Result {
    write!(f, "{}", time.format("%H:%M:%S"))?;
    let microseconds = time.nanosecond() / 1_000;
    if microseconds != 0 {
        write!(f, ".{microseconds:06}")?;
    }
    match offset.map(|offset| offset.local_minus_utc()) {
        None => Ok(()),
        Some(0) => f.write_str("Z"),
        Some(seconds) => {
            let sign = if seconds < 0 { '-' } else { '+' };
            let minutes = seconds.abs() / 60;
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}

/// What stands behind the P of a period, in microseconds.
fn period(text: &str) -> Option<i64> {
    let (mut total, mut in_time, mut rest) = (0.0, false, text);
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(['T', 't']) {
            if in_time || after.is_empty() {
                return None;
            }
            (in_time, rest) = (true, after);
            continue;
        }
        let end = rest.find(|one: char| !one.is_ascii_digit() && one != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit = rest[end..].chars().next()?;
        let seconds = match (unit.to_ascii_uppercase(), in_time) {
            ('Y', false) => 365.0 * 86_400.0,
            ('M', false) => 30.0 * 86_400.0,
            ('W', false) => 7.0 * 86_400.0,
            ('D', false) => 86_400.0,
            ('H', true) => 3_600.0,
            ('M', true) => 60.0,
            ('S', true) => 1.0,
            _ => return None,
        };
        total += number * seconds * 1e6;
        rest = &rest[end + 1..];
    }
    Some(total.round() as i64)
}

/// `1 day, 10:20:30.5`, `10:20`, in microseconds.
fn days_and_clock(text: &str) -> Option<i64> {
    let (days, rest) = match text.split_once(['d', 'D']) {
        Some((days, rest)) => {
            let rest = rest.trim_start_matches(|one: char| one.is_ascii_alphabetic());
            let rest = rest.trim_start_matches(',').trim_start();
            (days.trim_end().parse::<i64>().ok()?, rest)
        }
        None => (0, text),
    };
    let whole = days.checked_mul(86_400_000_000)?;
    if rest.is_empty() && text.len() != rest.len() {
        return Some(whole);
    }
    // The hours may be more than a day has.
    let (hours, minutes) = rest.split_once(':')?;
    let hours: i64 = hours
        .parse()
        .ok()
        .filter(|hours| (0..=999).contains(hours))?;
    let (time, offset) = clock(&format!("00:{minutes}"))?;
    let seconds = i64::from(time.num_seconds_from_midnight()) + hours * 3_600;
    let part = i64::from(time.nanosecond() / 1_000);
    offset.is_none().then(|| whole + seconds * 1_000_000 + part)
}
