package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.traffic.Entry;
import dev.weir.ml.traffic.LogPolicy;
import dev.weir.ml.traffic.Origin;
import dev.weir.ml.traffic.PredictionIds;
import dev.weir.ml.traffic.PredictionLog;
import dev.weir.ml.traffic.Traffic;
import dev.weir.store.meta.Times;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What a person does with an endpoint's traffic: bring outcomes, look at it, erase from it. */
class CliTrafficTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @TempDir Path above;
    private final List<String> ids = new ArrayList<>();
    private Terminal terminal;

    @BeforeEach
    void serve() throws IOException {
        Path folder = Files.createDirectory(above.resolve("shop"));
        Files.writeString(folder.resolve("weir.yaml"), "project: shop\n");
        terminal = new Terminal(folder);
        Signature signature =
                Signature.binary(
                        "bought",
                        List.of(new Input.Number("age", 0, 99)),
                        new Signature.Classes("1", "0", 0.5));
        Origin primary = Origin.of("primary", 1, Digest.ofText("model"), signature);
        Traffic traffic =
                new Traffic(
                        folder.resolve(".weir"),
                        "default",
                        new DuckDb(above.resolve("scratch"), 1),
                        Clock.systemUTC());
        PredictionIds given = new PredictionIds(Clock.fixed(NOON, ZoneOffset.UTC), 7);
        try (PredictionLog log =
                traffic.log("shop", LogPolicy.usual(), Thread.ofPlatform().factory())) {
            for (int i = 0; i < 4; i++) {
                ids.add(given.next());
                log.offer(
                        new Entry(
                                ids.getLast(),
                                Times.micros(NOON.plusSeconds(i)),
                                primary,
                                i % 2 == 0 ? "007" : "ann",
                                1,
                                List.of(new Columns.Numbers(new double[] {i})),
                                new float[] {i / 4f},
                                1,
                                null));
            }
        }
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(terminal.folder().resolve(name), text);
    }

    @Test
    void bringsOutcomesByIdAndByKeyAndSaysWhatWaits() throws IOException {
        String rows = "prediction_id,bought\n%s,1\nid9,0\n%s,\n%s,0\n";
        file("labels.csv", rows.formatted(ids.get(0), ids.get(1), ids.get(3)));
        assertThat(terminal.weir("outcomes", "add", "shop", "labels.csv").exits(0).out())
                .contains("3 outcomes are taken, 2 of predictions that are known")
                .contains("1 rows have no value")
                .contains("1 wait for their prediction, which is not known: row 2");

        file(
                "labels.jsonl",
                """
                {"key":"007","time":"2026-11-25T12:00:30Z","bought":1}
                {"key":"007","time":"2026-11-25T11:59:59Z","bought":1}
                """);
        JsonNode said =
                terminal.weir("outcomes", "add", "shop", "labels.jsonl", "--json").exits(0).json();
        assertThat(said.toString())
                .isEqualTo(
                        "{\"endpoint\":\"shop\",\"rows\":2,\"valueless\":0,\"matched\":1,"
                                + "\"waiting\":[2]}");

        JsonNode shown = terminal.weir("traffic", "show", "shop", "--json").exits(0).json();
        assertThat(shown.path("days").path(0).toString())
                .isEqualTo(
                        "{\"day\":\"2026-11-25\",\"variant\":\"primary\",\"rows\":4,\"failed\":0,"
                                + "\"known\":3}");
        assertThat(terminal.weir("traffic", "show", "shop").exits(0).out())
                .contains("2026-11-25", "primary", "3 (75 %)");
        assertThat(terminal.weir("traffic", "show").exits(0).out()).contains("shop");
    }

    @Test
    void aFileThatIsNotRightIsRefusedWholly() throws IOException {
        file("bad.csv", "prediction_id,bought\nid0,1\nid1,maybe\n");
        assertThat(terminal.weir("outcomes", "add", "shop", "bad.csv").exits(2).err())
                .contains("row 2: bought: maybe (expected: one of 1, 0)");
        file("nameless.csv", "who,bought\nann,1\n");
        assertThat(terminal.weir("outcomes", "add", "shop", "nameless.csv").exits(2).err())
                .contains("neither prediction_id nor key and time (found: who, bought)");
        file("untimely.csv", "key,time,bought\nann,noon,1\n");
        assertThat(terminal.weir("outcomes", "add", "shop", "untimely.csv").exits(2).err())
                .contains("row 1: time noon (expected: a moment");
        file("labels.csv", "prediction_id,sold\nid0,1\n");
        assertThat(terminal.weir("outcomes", "add", "shop", "labels.csv").exits(2).err())
                .contains("bought: no such column");
        assertThat(terminal.weir("outcomes", "add", "none", "bad.csv").exits(2).err())
                .contains("none: no predictions are logged");
        assertThat(terminal.weir("traffic", "show", "shop").exits(0).out()).contains("0 (0 %)");
    }

    @Test
    void erasesAPersonAndRecordsItWithoutTheirName() throws IOException {
        JsonNode erased =
                terminal.weir("traffic", "erase", "shop", "--key", "007", "--json").exits(0).json();
        assertThat(erased.path("predictions").intValue()).isEqualTo(2);
        assertThat(erased.path("key").stringValue()).matches("[0-9a-f]{32}");
        JsonNode shown = terminal.weir("traffic", "show", "shop", "--json").exits(0).json();
        assertThat(shown.path("days").path(0).path("rows").intValue()).isEqualTo(2);
        assertThat(terminal.weir("traffic", "erase", "shop", "--key", "007").exits(0).out())
                .contains("erased 0 predictions and 0 outcomes")
                .contains(erased.path("key").stringValue());
    }
}
