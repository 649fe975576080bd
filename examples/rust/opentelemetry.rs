//! Sends the spans of a client to OpenTelemetry, and the context of each attempt to the service.

use configcat_management::{Builder, ExtraHeaders};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::collections::HashMap;
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

/// Returns a subscriber that passes the spans of the client to a provider: `subscriber(&provider).init()`.
pub fn subscriber(provider: &SdkTracerProvider) -> impl Subscriber + Send + Sync + use<> {
    let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer("my-service"));
    // Spans of the client have level DEBUG.
    let chosen = Targets::new().with_target("configcat_management", Level::DEBUG);
    tracing_subscriber::registry().with(spans.with_filter(chosen))
}

/// Makes a client send `traceparent` with each attempt.
pub fn traced(builder: Builder) -> Builder {
    builder.attempt_headers(|_| {
        let mut headers = HashMap::<String, String>::new();
        // The function runs inside the span of the attempt.
        TraceContextPropagator::new().inject_context(&Span::current().context(), &mut headers);
        ExtraHeaders::from_iter(headers)
    })
}
