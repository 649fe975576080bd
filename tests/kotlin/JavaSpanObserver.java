package configcat.management.tests;

import configcat.management.AttemptEvent;
import configcat.management.FinishedEvent;
import configcat.management.Observer;
import configcat.management.OutcomeEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Passes a span for each attempt and for each call to a tracer. */
final class JavaSpanObserver implements Observer {
    /** A finished span, with the attributes of OpenTelemetry for HTTP clients. */
    record Span(long call, String name, Duration elapsed, Map<String, Object> attributes) {}

    private final Map<Long, AttemptEvent> attempts = new ConcurrentHashMap<>();
    private final Consumer<Span> tracer;

    JavaSpanObserver(Consumer<Span> tracer) {
        this.tracer = tracer;
    }

    @Override
    public void attempt(AttemptEvent event) {
        attempts.put(event.getCall(), event);
    }

    @Override
    public void outcome(OutcomeEvent event) {
        var attributes = new HashMap<String, Object>();
        var attempt = attempts.remove(event.getCall());
        if (attempt != null) {
            attributes.put("server.address", attempt.getServerAddress());
            attributes.put("server.port", attempt.getServerPort());
        }
        attributes.put("http.request.method", event.getMethod());
        attributes.put("url.template", event.getPathTemplate());
        attributes.put("http.response.status_code", event.getStatus());
        if (event.getAttempt() > 1) {
            attributes.put("http.request.resend_count", event.getAttempt() - 1);
        }
        if (event.getError() != null) {
            attributes.put("error.type", event.getStatus() != null ? event.getStatus().toString() : event.getError());
        }
        tracer.accept(new Span(event.getCall(), event.getMethod() + " " + event.getPathTemplate(), event.getElapsed(), attributes));
    }

    @Override
    public void finished(FinishedEvent event) {
        attempts.remove(event.getCall());
        var attributes = new HashMap<String, Object>();
        attributes.put("error.type", event.getError());
        tracer.accept(new Span(event.getCall(), event.getOperation(), event.getElapsed(), attributes));
    }
}
