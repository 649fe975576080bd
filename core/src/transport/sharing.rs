//! Others on the same budget: how much of it they spend, and what part of it is ours.
//!
//! Nobody tells clients of each other. What one sees is that less is left than it has spent itself. From that it reckons
//! its part of what is spent, and takes no more than that part of what is left, less a margin that stays for newcomers.
//! If all do so, they come to their ends before the budget does, and nobody has to be turned away to hear of it. So that
//! the part does not go to whoever is nearest to the service, all spend by the same schedule, which begins with one
//! request when the window opens and doubles from there.
//!
//! `scale_tests` shows what becomes of this with up to a thousand processes.

#![allow(clippy::cast_precision_loss, reason = "estimates, of numbers that are small")]

use std::time::Duration;
use tokio::time::Instant;

/// The window when none is known.
const USUAL_WINDOW: Duration = Duration::from_secs(60);
/// What was spent counts for half after this part of a window.
const HALF_LIFE: f64 = 1.0 / 20.0;
/// The schedule doubles each time this part of a window has passed.
const DOUBLING: f64 = 1.0 / 40.0;
/// The same for a client that has used up the window before and sees nobody: whoever was turned away then was told to come
/// back in whole seconds, and finds nothing if all is spent by then.
const DOUBLING_ALONE: f64 = 1.0 / 150.0;
/// This part of the budget stays for newcomers.
const MARGIN: f64 = 0.05;
/// So many requests at once are sent before anything is known of others; one more for each answer.
const CAUTION: u64 = 4;
/// With that part of what is left to be spent by others, the schedule of all counts. A process that comes when the window is used up
/// is turned away once: with a quarter, 64 processes in Python, which start slowly, had twice as many of these.
const GOOD_PART: f64 = 0.15;
/// So many calls may wait, or have been made in a window, without its being said that much is wanted.
const FEW: usize = 8;
/// How many requests what was learned in windows before weighs as much as.
const MEMORY: f64 = 8.0;
/// The budget is the most that was seen to be left at the beginning of so many windows: others may have been first.
const WINDOWS: usize = 8;

#[derive(Debug)]
pub(super) struct Sharing {
    window: Spending,
    /// When this window began for this client, and how long it is from there, if it says when it ends.
    began: Instant,
    length: Option<Duration>,
    /// The latest requests count most.
    recent: Recent,
    /// The most that was seen to be left in this window and in those before.
    limits: [u64; WINDOWS],
    /// Our part in the windows before, if there were any.
    part: Option<f64>,
    /// Whether others were noticed in this window and in the one before.
    noticed: [bool; 2],
    /// Whether our part of this window is used up.
    held: bool,
    /// Whether the window before was used up.
    after_want: bool,
}

/// Requests of one window.
#[derive(Debug, Default)]
struct Spending {
    sent: u64,
    answered: u64,
    others: u64,
}

#[derive(Debug)]
struct Recent {
    own: f64,
    others: f64,
    at: Instant,
}

/// What a client may do while something is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    Take,
    /// Nothing until an answer comes.
    AfterAnswer,
    /// Nothing before this moment.
    At(Instant),
    /// Nothing before the window ends.
    NextWindow,
}

impl Recent {
    fn faded(&self, half_life: f64, now: Instant) -> (f64, f64) {
        let elapsed = now.saturating_duration_since(self.at).as_secs_f64();
        let faded = 0.5_f64.powf(elapsed / half_life);
        (self.own * faded, self.others * faded)
    }

    fn add(&mut self, own: f64, others: f64, half_life: f64, now: Instant) {
        let (before, others_before) = self.faded(half_life, now);
        *self = Self { own: before + own, others: others_before + others, at: now };
    }
}

impl Sharing {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            window: Spending::default(),
            began: now,
            length: None,
            recent: Recent { own: 0.0, others: 0.0, at: now },
            limits: [0; WINDOWS],
            part: None,
            noticed: [false; 2],
            held: false,
            after_want: false,
        }
    }

    /// Whether anybody else was noticed lately.
    pub(super) fn crowded(&self) -> bool {
        self.noticed.contains(&true)
    }

    pub(super) fn sent(&mut self, now: Instant) {
        if self.window.sent == 0 {
            self.began = now;
        }
        self.window.sent += 1;
    }

    /// A window was heard of for the first time.
    pub(super) fn opened(&mut self, left: u64, ends: Option<Instant>, now: Instant) {
        self.length = ends.map(|ends| ends.saturating_duration_since(self.began));
        self.limits[0] = left + 1;
        // Those who were there before us.
        let others = self.limit().saturating_sub(left + 1);
        self.spent(others, others > 1, now);
    }

    /// So much less was left than an answer before had said.
    pub(super) fn dropped(&mut self, by: u64, in_flight: u64, now: Instant) {
        // One of these was ours, and some of ours may have been counted without having been answered.
        let surely = by.saturating_sub(1 + in_flight);
        let likely = by.saturating_sub(1 + in_flight / 2);
        self.spent(if surely > 0 || self.crowded() { likely } else { 0 }, surely > 0, now);
    }

    fn spent(&mut self, others: u64, noticed: bool, now: Instant) {
        self.window.answered += 1;
        self.window.others += others;
        self.noticed[0] |= noticed;
        self.recent.add(1.0, others as f64, self.half_life(), now);
    }

    /// Somebody else had spent the budget.
    pub(super) fn turned_away(&mut self) {
        self.noticed = [true, true];
        self.held = true;
    }

    /// The window is over, and there is one more; `want` says whether it was used up.
    pub(super) fn next_window(&mut self, want: bool, now: Instant) {
        if self.window.answered > 0 {
            if self.held {
                // The rest went to others, but for the margin.
                let seen = (self.window.answered + self.window.others) as f64;
                let part = self.window.answered as f64 / seen.max(self.limit() as f64 * (1.0 - MARGIN));
                self.part = Some(self.part.map_or(part, |before| f64::midpoint(before, part)));
            }
            self.limits.rotate_right(1);
            self.limits[0] = 0;
        }
        let [this, _] = self.noticed;
        self.noticed = [false, this];
        self.window = Spending::default();
        self.held = false;
        self.after_want = want;
        self.began = now;
    }

    /// What may be done now, with so much left, so many requests on their way, and so many calls that wait.
    pub(super) fn share(&mut self, left: u64, in_flight: u64, waiting: usize, now: Instant) -> Share {
        if self.held {
            return Share::NextWindow;
        }
        if self.after_want || (self.crowded() && (waiting > FEW || self.scarce(left, now))) {
            let next = self.scheduled();
            if next > now {
                return Share::At(next);
            }
        }
        if !self.crowded() {
            let [_, before @ ..] = &self.limits;
            // In the first window nothing is known of others yet.
            let cautious = before.iter().all(|limit| *limit == 0);
            let wait = cautious && in_flight >= CAUTION + self.window.answered;
            return if wait { Share::AfterAnswer } else { Share::Take };
        }
        let spare = (left as f64 - self.margin()).max(0.0);
        let mut ours = spare * self.part(now);
        let (_, others) = self.recent.faded(self.half_life(), now);
        // Nobody is in a hurry: what they spend in a while leaves enough for one.
        if others * std::f64::consts::LN_2 < spare {
            ours = ours.max(1.0);
        }
        if in_flight as f64 + 1.0 <= ours {
            return Share::Take;
        }
        if in_flight > 0 {
            return Share::AfterAnswer;
        }
        self.held = true;
        // Less than one is ours: that often we take one, and that is the last.
        if fastrand::f64() < ours { Share::Take } else { Share::NextWindow }
    }

    /// Our part of what is spent.
    fn part(&self, now: Instant) -> f64 {
        let (own, others) = self.recent.faded(self.half_life(), now);
        let (part, memory) = self.part.map_or((1.0, 1.0), |part| (part, MEMORY));
        (own + memory * part) / (own + others + memory)
    }

    /// What is to stay for newcomers; for one that has wanted little so far, nothing.
    fn margin(&self) -> f64 {
        let modest = !self.after_want && self.window.sent < FEW as u64;
        if modest { 0.0 } else { self.limit() as f64 * MARGIN }
    }

    /// Whether others would use up a good part of what is left before the window ends, if they went on as they do.
    fn scarce(&self, left: u64, now: Instant) -> bool {
        let (_, others) = self.recent.faded(self.half_life(), now);
        let rest = (self.began + self.length.unwrap_or_default()).saturating_duration_since(now);
        others * std::f64::consts::LN_2 / self.half_life() * rest.as_secs_f64() > left as f64 * GOOD_PART
    }

    fn half_life(&self) -> f64 {
        (self.length.unwrap_or(USUAL_WINDOW).as_secs_f64() * HALF_LIFE).max(0.001)
    }

    /// When the schedule allows the next request.
    fn scheduled(&self) -> Instant {
        let doublings = (self.window.sent as f64 + 1.0).log2();
        let doubling = if self.crowded() { DOUBLING } else { DOUBLING_ALONE };
        self.began + self.length.unwrap_or_default().mul_f64(doubling * doublings)
    }

    /// Requests in a window, as far as seen.
    fn limit(&self) -> u64 {
        self.limits.iter().copied().max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the second window, of which the first showed a budget of 100.
    fn second_window(left: u64) -> Sharing {
        let now = Instant::now();
        let mut sharing = Sharing::new(now);
        sharing.opened(99, None, now);
        sharing.next_window(false, now);
        sharing.opened(left, None, now);
        sharing
    }

    #[test]
    fn one_that_is_missing_when_a_window_opens_is_nobody_and_two_are_somebody() {
        let found = [99, 98, 97, 96].map(|left| second_window(left).crowded());
        assert_eq!(found, [false, false, true, true]);
    }

    #[test]
    fn the_margin_is_for_newcomers_of_whom_one_that_has_wanted_little_is_one() {
        let now = Instant::now();
        let margin = |sent: usize, want: bool| {
            let mut sharing = second_window(96);
            sharing.after_want = want;
            (0..sent).for_each(|_| sharing.sent(now));
            sharing.margin()
        };
        assert_eq!([margin(FEW - 1, false), margin(FEW, false), margin(0, true)], [0.0, 5.0, 5.0]);
    }

    #[test]
    fn where_nobody_is_in_a_hurry_what_is_left_over_the_margin_is_enough_for_one() {
        let now = Instant::now();
        let share = |left: u64| {
            let mut sharing = Sharing::new(now);
            // Of a budget of 110, whose margin is 5.5, the window before was used up, by others too.
            sharing.opened(109, None, now);
            sharing.turned_away();
            sharing.next_window(true, now);
            sharing.share(left, 0, 0, now)
        };
        // Not by chance.
        for _ in 0..20 {
            assert_eq!((share(6), share(5)), (Share::Take, Share::NextWindow));
        }
    }

    #[test]
    fn where_many_calls_wait_the_schedule_counts() {
        let start = Instant::now();
        let mut sharing = second_window(97);
        sharing.opened(97, Some(start + Duration::from_secs(60)), start);
        (0..200).for_each(|_| sharing.sent(start));
        // What others spent is so long ago that it tells nothing; two hundred and one are due after 11.5 s.
        let now = start + Duration::from_secs(10);
        let [few, many] = [FEW, FEW + 1].map(|waiting| sharing.share(97, 0, waiting, now));
        assert!(few == Share::Take && matches!(many, Share::At(_)), "{few:?} {many:?}");
    }

    #[test]
    fn what_may_have_been_ours_is_held_against_nobody_until_others_were_noticed() {
        let now = Instant::now();
        let mut sharing = second_window(99);
        // One was answered, and four of ours are on their way: some of them may have been counted.
        sharing.dropped(5, 4, now);
        assert_eq!((sharing.crowded(), sharing.window.others), (false, 0));
        sharing.dropped(6, 4, now);
        assert_eq!((sharing.crowded(), sharing.window.others), (true, 3));
        sharing.dropped(5, 4, now);
        assert_eq!((sharing.window.answered, sharing.window.others), (4, 5));
    }
}
