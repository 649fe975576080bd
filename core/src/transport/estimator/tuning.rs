//! The constants of the estimator.

/// Constants of the estimator, in one place. The simulations are in `transport/scale_tests`; their results are in
/// `docs/pacing.md`.
pub(super) struct Tuning {
    /// L while the service does not report the end of a window, in seconds. The service's own window is a minute.
    pub(super) usual_window: f64,
    /// h / L. Short enough to notice a newcomer within a twentieth of a window, long enough to average over several responses
    /// of clients that are 300 ms away. By `up_to_64_processes_share_a_budget_with_few_rejections`.
    pub(super) half_life: f64,
    /// The schedule allows twice as many requests each time this fraction of a window has passed, so that 1,000 requests take
    /// a quarter of a window. By `hosts_with_equal_latency_get_similar_shares`.
    pub(super) doubling: f64,
    /// The same for a client whose previous window was used up and that has not noticed other clients. A client that was
    /// rejected then has a Retry-After in whole seconds, and would find no budget left without the schedule: 1,000 requests
    /// take 4 s of a minute. By the newcomers of the table "by the number of processes".
    pub(super) doubling_alone: f64,
    /// m / B. By `newcomer_is_served_within_the_current_window`.
    pub(super) reserve: f64,
    /// Requests in flight before anything is known of others; one more is allowed for each response. As many as a process of
    /// the simulations has workers.
    pub(super) first_requests: u64,
    /// Demand is high when others would use up more than this fraction of r before the window ends. With a quarter, 64
    /// processes in Python, which start slowly, had twice as many rejections: by `cargo xtask bench pacing`.
    pub(super) scarce: f64,
    /// Demand is low while no more calls than this wait, or were made in this window. By
    /// `light_users_may_spend_the_reserve`.
    pub(super) few: usize,
    /// M after the first window, in requests. By `remaining_client_regains_the_whole_budget`: a larger one forgets clients
    /// that have left too slowly.
    pub(super) memory: f64,
    /// M in the first window, in requests.
    pub(super) first_memory: f64,
    /// B is the largest budget seen at the start of this many windows: other clients may have been first in some.
    pub(super) windows: usize,
}

pub(super) const TUNING: Tuning = Tuning {
    usual_window: 60.0,
    half_life: 1.0 / 20.0,
    doubling: 1.0 / 40.0,
    doubling_alone: 1.0 / 150.0,
    reserve: 0.05,
    first_requests: 4,
    scarce: 0.15,
    few: 8,
    memory: 8.0,
    first_memory: 1.0,
    windows: 8,
};
