//! Wakes readers when the journal or the state has something new. Each reader keeps its own position, so that a slow one needs
//! no memory here.

use crate::state::touched::Touched;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Number of changes that readers can catch up with; those that are further behind read everything again.
const RECENT: usize = 256;

/// What readers wait for.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    changes: Mutex<Changes>,
    /// Whether the simulator has stopped.
    closed: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Changes {
    revision: u64,
    recent: VecDeque<Touched>,
}

impl Feed {
    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the state has changed.
    pub(crate) fn changed(&self, touched: Touched) {
        {
            let mut changes = self.changes();
            changes.revision += 1;
            changes.recent.push_back(touched);
            if changes.recent.len() > RECENT {
                changes.recent.pop_front();
            }
        }
        self.wake();
    }

    /// Wakes the readers.
    pub(crate) fn wake(&self) {
        self.closed.send_modify(|_| {});
    }

    /// Ends the streams of all readers.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Returns the number of changes so far.
    pub(crate) fn revision(&self) -> u64 {
        self.changes().revision
    }

    /// Returns the number of changes so far and what those after `revision` concern; `None` if there are none.
    pub(crate) fn since(&self, revision: u64) -> Option<(u64, Touched)> {
        let changes = self.changes();
        if revision == changes.revision {
            return None;
        }
        let missing = changes.revision.checked_sub(revision).and_then(|count| usize::try_from(count).ok());
        let touched = match missing.and_then(|count| changes.recent.len().checked_sub(count)) {
            Some(skip) => changes.recent.iter().skip(skip).fold(Touched::default(), Touched::and),
            None => Touched::All,
        };
        Some((changes.revision, touched))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use configcat_management::models::SettingId;

    fn flag(id: i32) -> Touched {
        Touched::Flags([SettingId::new(id)].into())
    }

    #[test]
    fn reader_gets_what_changed_since_its_revision() {
        let feed = Feed::default();
        assert_eq!(feed.since(0), None);
        feed.changed(flag(1));
        feed.changed(flag(2));
        assert_eq!(feed.since(1), Some((2, flag(2))));
        assert_eq!(feed.since(0), Some((2, flag(1).and(&flag(2)))));
        assert_eq!(feed.since(9), Some((2, Touched::All)), "the revision is of another simulator");
    }

    #[test]
    fn reader_that_is_far_behind_reads_everything() {
        let feed = Feed::default();
        (0..300).for_each(|_| feed.changed(flag(1)));
        assert_eq!(feed.since(300 - 256), Some((300, flag(1))));
        assert_eq!(feed.since(300 - 257), Some((300, Touched::All)));
        assert_eq!(feed.changes().recent.len(), RECENT);
    }
}
