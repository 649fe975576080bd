//! Attacks on the client by servers and proxies.

mod echo;
pub mod host;
mod limits;
mod shapes;
mod webhooks;

use crate::attack::{Attack, Outcome, Plan, Surface};

const fn attack(
    name: &'static str,
    does: &'static str,
    bound: &'static str,
    run: fn(Plan) -> Outcome,
) -> Attack {
    Attack { name, surface: Surface::Server, does, bound, run }
}

/// The attacks of this surface.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    vec![
        attack(
            "echoed-credentials",
            "echoes user name, password, their header or an extra header in 11 encodings and 19 places",
            "nothing that a caller can print contains them",
            echo::credentials,
        ),
        attack(
            "large-shapes",
            "sends 64 MiB in 33 shapes, compressed, as a success and as an error",
            "4 times the allowed size; 100 ms over the deadline of 3 s",
            shapes::bombs,
        ),
        attack(
            "late-shapes",
            "sends the same to a client with a deadline of 20, 100 or 200 ms",
            "100 ms over the deadline",
            shapes::deadlines,
        ),
        attack(
            "floods",
            "sends 1xx responses, headers, chunks or bodies without end",
            "4 times the allowed size; 100 ms over the deadline of 1 s",
            shapes::floods,
        ),
        attack(
            "blocking-floods",
            "sends the same to a blocking call, over plain HTTP",
            "4 times the allowed size; 1 s over the deadline of 1 s",
            shapes::blocking_floods,
        ),
        attack(
            "closed-rate-limit",
            "closes the rate limit for a day with one response",
            "calls fail for `max_rate_limit_wait` (1 s) at most",
            limits::closing,
        ),
        attack(
            "every-status",
            "responds to a POST with every final status",
            "sent once; `maybe_applied` unless refused by a 4xx",
            limits::statuses,
        ),
        attack("redirects", "redirects to another host", "no request to the other host", limits::redirects),
        attack(
            "unusable-proxies",
            "is reached through an unusable proxy URL",
            "no direct request",
            limits::proxies,
        ),
        attack(
            "recut-webhooks",
            "divides a recorded webhook request differently",
            "no request is verified",
            webhooks::recut,
        ),
    ]
}
