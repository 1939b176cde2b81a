package dev.weir.ml.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.data.Column;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.StrangeCsv;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * DuckDB's reader, where it is proven to agree, gives the very table that Weir's own reader gives,
 * for tables made at random and then spoiled at random.
 */
class ProvenCsvTest {
    private static final int TABLES = Boolean.getBoolean("weir.test.full") ? 3_000 : 150;
    private static final long GUESS_BY = 6;

    private static final List<String> DECLARED =
            List.of("bigint", "double", "decimal(12,2)", "varchar", "timestamp", "date", "boolean");

    @TempDir Path folder = Path.of("");

    @Test
    void readsWhatTheLongWayReadsWhereverItIsProven() throws Exception {
        int proven = 0;
        for (int seed = 0; seed < TABLES; seed++) {
            proven += agrees(seed, folder) ? 1 : 0;
        }
        assertThat(proven).as("tables that were proven").isGreaterThan(TABLES / 8);
    }

    @Test
    void followsQuotesAndLineEndsFromOneBufferIntoTheNext() throws Exception {
        for (List<String> ends : List.of(List.of("\n", "\n"), List.of("\r\n", " "))) {
            StringBuilder text = new StringBuilder("id,words,share" + ends.getFirst());
            for (int row = 0; row < 30_000; row++) {
                text.append(row).append(",\"say \"\"").append(row * 7919L).append("\"\",");
                text.append(ends.getLast()).append("so\",").append(row % 9 == 0 ? "" : "0.25");
                text.append(ends.getFirst());
            }
            Path file = Files.writeString(folder.resolve("long.csv"), text);
            ObjectNode source = JsonNodeFactory.instance.objectNode().put("file", file.toString());
            assertThat(agrees(file, source, Map.of(), "a long file")).isTrue();
        }
    }

    /** Whether one was proven; that it agrees then is asserted. */
    static boolean agrees(int seed, Path folder) throws IOException, SQLException {
        Random random = new Random(seed);
        Path file = folder.resolve("t" + seed + ".csv");
        byte[] bytes = StrangeCsv.of(random);
        Files.write(file, bytes);
        ObjectNode source = JsonNodeFactory.instance.objectNode().put("file", file.toString());
        if (random.nextInt(12) == 0) {
            source.putArray("null").add("").add("-999").add("NA");
        }
        Map<String, Column> types = new HashMap<>();
        for (int c = 0; c < 6; c++) {
            if (random.nextInt(4) == 0) {
                types.put(
                        "c" + c, Column.of("c" + c, DECLARED.get(random.nextInt(DECLARED.size()))));
            }
        }
        String told = "seed " + seed + ":\n" + new String(bytes, StandardCharsets.UTF_8);
        boolean proven = agrees(file, source, types, told);
        Files.delete(file);
        return proven;
    }

    private static boolean agrees(
            Path file, ObjectNode source, Map<String, Column> types, String told)
            throws SQLException {
        Path folder = file.resolveSibling("read");
        Optional<ProvenCsv> csv =
                ProvenCsv.of(List.of(file), source, s -> typed(s, types), GUESS_BY);
        if (csv.isEmpty()) {
            return false;
        }
        DuckDb duckDb = new DuckDb(folder.resolve("scratch"), 2);
        Path fast = folder.resolve("fast.parquet");
        boolean written = csv.get().write(duckDb, fast);
        assertThat(written).as(told).isTrue();
        Path slow = folder.resolve("slow.parquet");
        try {
            Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(List.of(file), source);
            new Tables(duckDb)
                    .ingest(List.of(file), sniffed.format(), typed(sniffed.schema(), types), slow);
        } catch (ProblemException e) {
            throw new AssertionError(told + e.problems(), e);
        }
        assertThat(new ParquetFiles(duckDb).schema(fast))
                .as(told)
                .isEqualTo(new ParquetFiles(duckDb).schema(slow));
        List<List<String>> rows = rows(duckDb, slow);
        assertThat(rows(duckDb, fast)).as(told).isEqualTo(rows);
        for (int c = 0; c < csv.get().schema().columns().size(); c++) {
            int column = c;
            assertThat(csv.get().missing(csv.get().schema().names().get(c)))
                    .as(told)
                    .isEqualTo(rows.stream().filter(r -> r.get(column).equals("(null)")).count());
        }
        return true;
    }

    private static Schema typed(Schema found, Map<String, Column> types) {
        return new Schema(
                found.columns().stream().map(c -> types.getOrDefault(c.name(), c)).toList());
    }

    private static List<List<String>> rows(DuckDb duckDb, Path parquet) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (DuckDb.Session session = duckDb.open()) {
            session.each(
                    "select cast(columns(*) as varchar) from " + DuckDb.parquet(parquet, false),
                    row -> {
                        List<String> values = new ArrayList<>();
                        for (int c = 1; c <= row.getMetaData().getColumnCount(); c++) {
                            String value = row.getString(c);
                            values.add(value == null ? "(null)" : value);
                        }
                        rows.add(values);
                    });
        }
        return rows;
    }
}
