package dev.weir.server.inference;

import dev.weir.stage.deploy.EndpointState;
import dev.weir.stage.deploy.Meter;
import dev.weir.stage.deploy.Role;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Figures in Prometheus' text format, version 0.0.4. */
final class MetricsPage {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder page = new StringBuilder(4096);

    private MetricsPage() {}

    /** A figure of each variant, by name, type and help. */
    private record OfVariant(
            String name,
            String type,
            String help,
            ToDoubleFunction<EndpointState.VariantState> figure) {}

    private static final List<OfVariant> OF_VARIANTS =
            List.of(
                    new OfVariant(
                            "inference_rows_total",
                            "counter",
                            "Rows that were answered.",
                            v -> v.reading().rows()),
                    new OfVariant(
                            "rollout_weight",
                            "gauge",
                            "Share of the requests that a variant answers.",
                            EndpointState.VariantState::share),
                    new OfVariant(
                            "shadow_dropped_total",
                            "counter",
                            "Copies that a shadow did not hear, since its queue was full.",
                            EndpointState.VariantState::dropped),
                    new OfVariant(
                            "shadow_mismatch_total",
                            "counter",
                            "Rows to which a shadow said something else than the primary.",
                            EndpointState.VariantState::mismatched));

    static byte[] of(List<EndpointState> endpoints) {
        MetricsPage page = new MetricsPage();
        page.endpoints(endpoints);
        page.variants(endpoints);
        page.logs(endpoints);
        page.process();
        return page.page.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void endpoints(List<EndpointState> endpoints) {
        head("inference_queue_depth", "gauge", "Requests accepted that wait for a processor.");
        endpoints.forEach(e -> line("inference_queue_depth", model(e), e.waiting()));
        head("inference_requests_in_flight", "gauge", "Requests on their way.");
        endpoints.forEach(e -> line("inference_requests_in_flight", model(e), e.inFlight()));
        head("inference_ready", "gauge", "1 where the endpoint answers.");
        endpoints.forEach(e -> line("inference_ready", model(e), e.ready() ? 1 : 0));
        head("inference_requests_refused_total", "counter", "Requests that were too many.");
        endpoints.forEach(e -> line("inference_requests_refused_total", model(e), e.refused()));
    }

    private void logs(List<EndpointState> endpoints) {
        head("prediction_log_rows_total", "counter", "Rows that are in the log of predictions.");
        endpoints.forEach(
                e -> {
                    if (e.log() != null) {
                        line("prediction_log_rows_total", model(e), e.log().written());
                    }
                });
        head("prediction_log_dropped_total", "counter", "Rows that are not, and should be.");
        endpoints.forEach(
                e -> {
                    if (e.log() != null) {
                        line("prediction_log_dropped_total", model(e), e.log().dropped());
                    }
                });
    }

    private static String model(EndpointState endpoint) {
        return "model=\"" + escaped(endpoint.endpoint()) + "\"";
    }

    private static String labels(EndpointState endpoint, EndpointState.VariantState variant) {
        return model(endpoint)
                + ",version=\""
                + variant.version()
                + "\",route=\""
                + variant.role().word()
                + "\"";
    }

    private void variants(List<EndpointState> endpoints) {
        head("inference_requests_total", "counter", "Requests by what became of them.");
        for (EndpointState endpoint : endpoints) {
            for (EndpointState.VariantState variant : endpoint.variants()) {
                String labels = labels(endpoint, variant);
                Meter.Reading reading = variant.reading();
                line("inference_requests_total", labels + ",code=\"200\"", reading.answered());
                line("inference_requests_total", labels + ",code=\"500\"", reading.failed());
            }
        }
        head("inference_request_duration_seconds", "histogram", "How long a model took.");
        for (EndpointState endpoint : endpoints) {
            for (EndpointState.VariantState variant : endpoint.variants()) {
                histogram(labels(endpoint, variant), variant.reading());
            }
        }
        for (OfVariant figure : OF_VARIANTS) {
            head(figure.name(), figure.type(), figure.help());
            for (EndpointState endpoint : endpoints) {
                for (EndpointState.VariantState variant : endpoint.variants()) {
                    if (figure.name().startsWith("shadow") == (variant.role() == Role.SHADOW)
                            || figure.name().startsWith("inference")) {
                        line(
                                figure.name(),
                                labels(endpoint, variant),
                                figure.figure().applyAsDouble(variant));
                    }
                }
            }
        }
    }

    private void histogram(String labels, Meter.Reading reading) {
        String name = "inference_request_duration_seconds";
        for (int i = 0; i < reading.bounds().length; i++) {
            line(
                    name + "_bucket",
                    labels + ",le=\"" + number(reading.bounds()[i]) + "\"",
                    reading.upTo()[i]);
        }
        line(name + "_bucket", labels + ",le=\"+Inf\"", reading.answered());
        line(name + "_sum", labels, reading.seconds());
        line(name + "_count", labels, reading.answered());
    }

    private void process() {
        head("process_cpu_seconds_total", "counter", "CPU time of the server.");
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            line("process_cpu_seconds_total", "", system.getProcessCpuTime() / 1e9);
        }
        if (ManagementFactory.getThreadMXBean()
                instanceof com.sun.management.ThreadMXBean threads) {
            head("jvm_allocated_bytes_total", "counter", "Memory that was allocated so far.");
            line("jvm_allocated_bytes_total", "", threads.getTotalThreadAllocatedBytes());
        }
        head("process_heap_bytes", "gauge", "Memory in use on the heap.");
        line(
                "process_heap_bytes",
                "",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        ResidentMemory.bytes()
                .ifPresent(
                        bytes -> {
                            head("process_resident_memory_bytes", "gauge", "Memory of the server.");
                            line("process_resident_memory_bytes", "", bytes);
                        });
    }

    private void head(String name, String type, String help) {
        page.append("# HELP ").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String labels, double value) {
        page.append(name);
        if (!labels.isEmpty()) {
            page.append('{').append(labels).append('}');
        }
        page.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : BigDecimal.valueOf(value).toPlainString();
    }

    private static String escaped(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("\"", -1)) {
            parts.add(part.replace("\\", "\\\\").replace("\n", "\\n"));
        }
        return String.join("\\\"", parts);
    }
}
