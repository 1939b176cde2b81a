package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ml.tracking.MetricPoint;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

class PlainMetricsTest {
    private static final long SEED = 42;

    private static String number(Random random) {
        double value = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
        return switch (random.nextInt(8)) {
            case 0 -> Integer.toString(random.nextInt());
            case 1 -> Long.toString(random.nextLong());
            case 2 -> String.format(Locale.ROOT, "%.3f", value);
            case 3 -> Double.toString(value);
            case 4 -> Float.toString((float) value);
            case 5 -> String.format(Locale.ROOT, "%.17e", value);
            case 6 ->
                    List.of("0", "-0", "0.0", "-0.0", "01", "1.", ".5", "1e400", "NaN", "+1")
                            .get(random.nextInt(10));
            default -> Double.toString(random.nextInt(10_000) / 100.0);
        };
    }

    private static String metric(Random random) {
        List<String> fields = new ArrayList<>();
        fields.add("\"key\": \"k%d\"".formatted(random.nextInt(100)));
        fields.add("\"value\": " + number(random));
        fields.add("\"timestamp\": " + random.nextLong(2_000_000_000_000L));
        if (random.nextBoolean()) {
            fields.add("\"step\": " + (random.nextInt(100) - 10));
        }
        if (random.nextInt(4) == 0) {
            java.util.Collections.shuffle(fields, random);
        }
        return "{" + String.join(random.nextBoolean() ? "," : " ,\n ", fields) + "}";
    }

    private static String batch(Random random) {
        List<String> metrics = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            metrics.add(metric(random));
        }
        String list = "\"metrics\": [" + String.join(", ", metrics) + "]";
        String run = "\"run_id\":\"" + "r".repeat(1 + random.nextInt(32)) + "\"";
        return random.nextBoolean()
                ? "{" + run + "," + list + "}"
                : "{" + list + " , " + run + " }";
    }

    private static Map<String, List<MetricPoint>> points(BatchReader.Read read) {
        Map<String, List<MetricPoint>> all = new TreeMap<>();
        read.batch()
                .metrics()
                .forEach(
                        (key, points) ->
                                points.forEach(
                                        point ->
                                                all.computeIfAbsent(key, k -> new ArrayList<>())
                                                        .add(point)));
        return all;
    }

    @Test
    void whateverItReadsTheReaderOfAllJsonReadsAlike() {
        int plain = 0;
        for (int i = 0; i < 20_000; i++) {
            Random random = new Random(SEED + i);
            boolean single = random.nextInt(4) == 0;
            String text =
                    single
                            ? metric(random).replaceFirst("}$", ",\"run_id\":\"abc\"}")
                            : batch(random);
            if (random.nextInt(3) == 0) {
                char[] torn = text.toCharArray();
                torn[random.nextInt(torn.length)] = "\"{}[],: 0a\\".charAt(random.nextInt(11));
                text = new String(torn);
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            PlainMetrics read = single ? PlainMetrics.metric(body) : PlainMetrics.batch(body);
            if (read != null) {
                plain++;
                BatchReader.Read other = BatchReader.read(body, single);
                BatchReader.Read same = single ? BatchReader.metric(body) : BatchReader.batch(body);
                assertThat(same.runId()).as("seed %d %s", SEED + i, text).isEqualTo(other.runId());
                assertThat(points(same)).as("seed %d %s", SEED + i, text).isEqualTo(points(other));
            }
        }
        assertThat(plain).isGreaterThan(8_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"run_id\":\"a\"}",
                "{\"run_id\":\"a\",\"metrics\":[]}",
                "{\"run_id\":\"a\",\"metrics\":[{\"key\":\"k\",\"value\":1}]}",
                "{\"run_id\":\"a\",\"metrics\":[{\"key\":\"k\\n\",\"value\":1,\"timestamp\":1}]}",
                "{\"run_id\":\"a\",\"metrics\":[{\"key\":\"é\",\"value\":1,\"timestamp\":1}]}",
                "{\"run_id\":\"a\",\"metrics\":[{\"key\":\"k\",\"value\":\"NaN\",\"timestamp\":1}]}",
                "{\"run_id\":\"a\",\"params\":[],\"metrics\":[{\"key\":\"k\",\"value\":1,\"timestamp\":1}]}",
                "{\"run_id\":\"a\",\"metrics\":[{\"key\":\"k\",\"value\":1,\"timestamp\":1}]} x",
                "{\"run_id\":\"a\",\"metrics\":[{\"key\":\"k\",\"value\":1,\"timestamp\":1}"
            })
    void leavesToTheOtherWhatIsNotPlain(String body) {
        assertThat(PlainMetrics.batch(body.getBytes(StandardCharsets.UTF_8))).isNull();
    }
}
