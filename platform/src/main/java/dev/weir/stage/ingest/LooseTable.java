package dev.weir.stage.ingest;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.check.Comparison;
import dev.weir.ml.data.check.ExpectationChecker;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.expect.SuiteWriter;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.SourceFiles;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.ml.data.source.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table of no project: a file or glob of any format that Weir reads, and how it is written. */
public final class LooseTable {
    private final DuckDb duckDb;
    private final Path here;
    private final ObjectNode source;

    /**
     * @param here the folder that names of files start from
     * @param source keys of a {@code source} mapping that a person gave; the others are guessed
     */
    public LooseTable(DuckDb duckDb, Path here, ObjectNode source) {
        this.duckDb = duckDb;
        this.here = here;
        this.source = source;
    }

    /** The text of a suite that the table itself passes; see {@link SuiteWriter}. */
    public String suggest(String file) {
        Path parquet = read(file, ExpectationSuite.none(), "suggest", true);
        return new SuiteWriter().yaml(new Profiler(duckDb).profile(parquet));
    }

    /**
     * What a table is compared with, as files.
     *
     * @param accepted an earlier table that was good
     * @param datasets other tables, by the names that rules use
     */
    public record Beside(Instant now, Optional<String> accepted, Map<String, String> datasets) {
        public Beside {
            datasets = Map.copyOf(datasets);
        }
    }

    /**
     * Holds the table against a suite.
     *
     * @param yaml a file that fits {@link dev.weir.base.config.ConfigSchema#EXPECTATIONS}; its
     *     types fix how text is read
     * @param quarantine where rows that break a rule go; null: nowhere
     */
    public ExpectationReport check(
            String file, ConfigNode yaml, Beside beside, @Nullable Path quarantine) {
        ExpectationSuite suite = ExpectationSuite.of(yaml);
        Path parquet = read(file, suite, "table", true);
        Map<String, Path> datasets = new HashMap<>();
        beside.datasets()
                .forEach(
                        (name, other) ->
                                datasets.put(
                                        name,
                                        read(
                                                other,
                                                ExpectationSuite.none(),
                                                "dataset-" + datasets.size(),
                                                false)));
        Comparison comparison =
                new Comparison(
                        beside.now(),
                        beside.accepted().map(a -> read(a, suite, "accepted", true)).orElse(null),
                        datasets);
        return new ExpectationChecker(duckDb).check(parquet, suite, comparison, quarantine);
    }

    /**
     * The table as Parquet. A suite's types fix how its text is read; which columns there are is
     * for the checks to say, and so are the types of a file that has its own.
     *
     * @param like whether it is written as the person said
     */
    private Path read(String file, ExpectationSuite suite, String name, boolean like) {
        List<Path> files = SourceFiles.of(here, file);
        JsonNode written =
                (like ? source.deepCopy() : source.objectNode())
                        .put("file", files.getFirst().toString());
        if (files.size() == 1 && TableFormat.of(written) instanceof TableFormat.Parquet) {
            return files.getFirst();
        }
        Sniffer.Sniffed sniffed = new Sniffer(duckDb).sniff(files, written);
        Schema schema = sniffed.schema();
        if (!(sniffed.format() instanceof TableFormat.Parquet)) {
            schema =
                    new Schema(
                            schema.columns().stream()
                                    .map(c -> suite.types().getOrDefault(c.name(), c))
                                    .toList());
        }
        return new Tables(duckDb)
                .ingest(
                        files,
                        sniffed.format(),
                        schema,
                        duckDb.scratch().resolve(name + ".parquet"))
                .parquet();
    }
}
