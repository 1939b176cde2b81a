package dev.weir.stage.ingest;

import dev.weir.base.config.YamlReader;
import dev.weir.base.digest.CanonicalJson;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.pipeline.Attempt;
import dev.weir.pipeline.StepKind;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The step that reads a table. Inputs: {@code source-00000} and on, files that are read where they
 * lie. Parameters: {@code source}, how they are written, and {@code expect}, the expectation suite
 * as its file has it. Outputs: {@code table}, one Parquet file, and {@code baseline}, the JSON that
 * later tables are compared with. Evidence: rows, schema, profile, and what the suite found.
 */
public record IngestKind() implements StepKind {
    @Override
    public String id() {
        return "ingest/2";
    }

    @Override
    public boolean readsStore() {
        return true;
    }

    @Override
    public JsonNode run(Attempt attempt) {
        List<Path> files =
                Stream.iterate(0, i -> i + 1)
                        .map("source-%05d"::formatted)
                        .takeWhile(attempt::hasInput)
                        .map(attempt::input)
                        .toList();
        int threads = (int) Math.max(1, Math.round(attempt.resources().cpu()));
        IngestJob.Outcome outcome =
                new IngestJob(new DuckDb(attempt.directory(), threads))
                        .run(
                                files,
                                TableFormat.of(attempt.params().path("source")),
                                suite(attempt.params().path("expect")),
                                attempt.output("table"));
        if (outcome.handedOver()) {
            handOver(outcome.parquet(), attempt.output("table"));
        }
        keep(outcome.baseline(), attempt.output("baseline"));
        return outcome.evidence();
    }

    private static void keep(Baseline baseline, Path output) {
        try {
            Files.write(output, CanonicalJson.bytes(baseline.json()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ExpectationSuite suite(JsonNode expect) {
        return expect.isMissingNode()
                ? ExpectationSuite.none()
                : ExpectationSuite.of(new YamlReader().parse("expectations", expect.toString()));
    }

    /**
     * The source is the table: its content goes into the store, by way of a link where one can be.
     */
    private static void handOver(Path source, Path output) {
        try {
            Files.createLink(output, source);
        } catch (IOException | UnsupportedOperationException e) {
            copy(source, output);
        }
    }

    private static void copy(Path source, Path output) {
        try {
            Files.copy(source, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
