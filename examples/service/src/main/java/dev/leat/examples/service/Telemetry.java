package dev.leat.examples.service;

import dev.leat.LeatRuntime;
import dev.leat.micrometer.LeatMeters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** What Prometheus reads; every tag has few values, and none comes from a request. Thread-safe. */
final class Telemetry implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LeatMeters meters;

    Telemetry(LeatRuntime runtime, Gate gate) {
        meters = new LeatMeters(runtime);
        meters.bindTo(registry);
        Gauge.builder("http.server.requests.active", gate, Gate::inside)
                .description("Requests in work")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** Counts an answer by the route's template, never by the path that was asked for. */
    void answered(String route, int status, Duration duration) {
        Timer.builder("http.server.requests")
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(duration);
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        meters.close();
        registry.close();
    }
}
