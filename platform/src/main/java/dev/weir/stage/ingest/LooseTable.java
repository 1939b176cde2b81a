package dev.weir.stage.ingest;

import dev.weir.base.config.ConfigNode;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.ParquetFiles;
import dev.weir.ml.data.ReadableFiles;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.check.Comparison;
import dev.weir.ml.data.check.ExpectationChecker;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.expect.SuiteWriter;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.ml.data.source.ProvenCsv;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.SourceFiles;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.ml.data.source.Tables;
import dev.weir.ml.stats.drift.Baseline;

import org.jspecify.annotations.Nullable;

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

    /**
     * A table as it is found.
     *
     * @param written keys of a {@code source} mapping that say how
     * @param csv the file itself, where the engine may read it
     */
    private record Found(List<Path> files, ObjectNode written, Optional<ProvenCsv> csv) {}

    /** The text of a suite that the table itself passes; see {@link SuiteWriter}. */
    public String suggest(String file) {
        ExpectationSuite none = ExpectationSuite.none();
        Path parquet = parquet(find(file, none, true), none, "suggest", false);
        return new SuiteWriter().yaml(new Profiler(duckDb).profile(parquet));
    }

    /**
     * What a table is compared with, as files.
     *
     * @param accepted an earlier table that was good
     * @param against the baseline that columns are compared with, where it is no file; else the one
     *     that {@code reference} names, else that of {@code accepted}
     * @param reference a table, or a file that keeps the baseline of one
     * @param datasets other tables, by the names that rules use
     */
    public record Beside(
            Instant now,
            Optional<String> accepted,
            Map<String, String> datasets,
            Optional<Comparison.Against> against,
            Optional<String> reference) {
        public Beside {
            datasets = Map.copyOf(datasets);
        }

        /** With no baseline but that of the accepted table. */
        public Beside(Instant now, Optional<String> accepted, Map<String, String> datasets) {
            this(now, accepted, datasets, Optional.empty(), Optional.empty());
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
        Found table = find(file, suite, true);
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
        Path accepted = beside.accepted().map(a -> read(a, suite, "accepted", true)).orElse(null);
        Comparison comparison =
                new Comparison(beside.now(), accepted, datasets, against(beside, suite, accepted));
        ExpectationChecker checker = new ExpectationChecker(duckDb);
        if (quarantine == null && table.csv.isPresent() && !suite.comparesDrift()) {
            Optional<ExpectationReport> report = checker.check(table.csv.get(), suite, comparison);
            if (report.isPresent()) {
                return report.get();
            }
        }
        return checker.check(parquet(table, suite, "table", true), suite, comparison, quarantine);
    }

    private Path read(String file, ExpectationSuite suite, String name, boolean like) {
        return parquet(find(file, suite, like), suite, name, true);
    }

    private Comparison.Against against(
            Beside beside, ExpectationSuite suite, @Nullable Path accepted) {
        if (!suite.comparesDrift() || beside.against().isPresent()) {
            return beside.against()
                    .orElseGet(() -> Comparison.Against.nothing("no rule asks for it"));
        }
        Baselines baselines = new Baselines(duckDb);
        if (beside.reference().isPresent()) {
            String name = beside.reference().get();
            Baseline kept =
                    name.endsWith(Baselines.ENDING)
                            ? Baselines.read(here.resolve(name))
                            : baselines.take(read(name, suite, "reference", true));
            return Comparison.Against.of(kept, null, name);
        }
        return accepted == null
                ? Comparison.Against.nothing("no baseline at hand to compare with (--against)")
                : Comparison.Against.of(
                        baselines.take(accepted), null, beside.accepted().orElse(""));
    }

    /**
     * @param like whether it is written as the person said
     */
    private Found find(String file, ExpectationSuite suite, boolean like) {
        List<Path> files = SourceFiles.of(here, file);
        ObjectNode written =
                (like ? source.deepCopy() : source.objectNode())
                        .put("file", files.getFirst().toString());
        return new Found(files, written, ProvenCsv.of(files, written, s -> typed(s, suite)));
    }

    /**
     * The table as Parquet.
     *
     * @param mayBeEmpty whether a heading alone is a table
     */
    private Path parquet(Found table, ExpectationSuite suite, String name, boolean mayBeEmpty) {
        List<Path> files = table.files;
        if (files.size() == 1 && TableFormat.of(table.written) instanceof TableFormat.Parquet) {
            ReadableFiles.check(files);
            new ParquetFiles(duckDb).rows(files.getFirst()); // says where it is no such file
            return files.getFirst();
        }
        Path out = duckDb.scratch().resolve(name + ".parquet");
        if (table.csv.isPresent() && table.csv.get().write(duckDb, out)) {
            return out;
        }
        Sniffer.Sniffed sniffed = new Sniffer(duckDb, mayBeEmpty).sniff(files, table.written);
        Schema schema =
                sniffed.format() instanceof TableFormat.Parquet
                        ? sniffed.schema()
                        : typed(sniffed.schema(), suite);
        return new Tables(duckDb, mayBeEmpty)
                .ingest(files, sniffed.format(), schema, out)
                .parquet();
    }

    /**
     * A suite's types fix how its text is read; which columns there are is for the checks to say,
     * and so are the types of a file that has its own.
     */
    private static Schema typed(Schema found, ExpectationSuite suite) {
        return new Schema(
                found.columns().stream()
                        .map(c -> suite.types().getOrDefault(c.name(), c))
                        .toList());
    }
}
