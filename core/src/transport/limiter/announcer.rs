//! Tells streams that the state of the limiter may have changed.

use tokio::sync::watch;

/// Announces that the state may have changed.
#[derive(Debug)]
pub(super) struct Announcer(watch::Sender<()>);

impl Announcer {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    pub(super) fn announce(&self) {
        // Costs nothing while there are no streams.
        if self.0.receiver_count() > 0 {
            self.0.send_replace(());
        }
    }

    /// Returns a receiver of later announcements.
    pub(super) fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
