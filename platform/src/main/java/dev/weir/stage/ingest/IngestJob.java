package dev.weir.stage.ingest;

import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.check.ExpectationChecker;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.expect.ExpectationReport;
import dev.weir.ml.data.expect.ExpectationSuite;
import dev.weir.ml.data.profile.Profile;
import dev.weir.ml.data.profile.Profiler;
import dev.weir.ml.data.source.Sniffer;
import dev.weir.ml.data.source.TableFormat;
import dev.weir.ml.data.source.Tables;
import dev.weir.ml.stats.drift.Baseline;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;

/** Reads, profiles and checks a table: a pure function of the files and what is asked of them. */
public final class IngestJob {
    private final DuckDb duckDb;

    public IngestJob(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * What came of it. Equal inputs give equal bytes and equal evidence.
     *
     * @param parquet the table
     * @param handedOver whether that is the source itself, which the caller copies or stores
     * @param baseline what later tables are compared with
     */
    public record Outcome(
            Path parquet,
            boolean handedOver,
            Schema schema,
            Profile profile,
            Baseline baseline,
            ExpectationReport report) {
        /** {@code {"rows", "schema", "profile", "expectations"}}. */
        public ObjectNode evidence() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("rows", profile.rows());
            json.set("schema", schema.json());
            json.set("profile", profile.json());
            json.set("expectations", report.json());
            return json;
        }
    }

    /**
     * Does it. A broken expectation is evidence, not a problem. Those whose answer is another at
     * another moment are left out: they are judged when it comes to it.
     *
     * @param files in order, see {@link dev.weir.ml.data.source.SourceFiles}
     * @param suite its types fix how text is read
     * @param out where the Parquet file goes, unless the source is handed over
     * @throws dev.weir.base.problem.ProblemException where the files are no table of that format
     *     and those types
     */
    public Outcome run(List<Path> files, TableFormat format, ExpectationSuite suite, Path out) {
        Schema schema =
                suite.schema()
                        .orElseGet(() -> suite.fix(new Sniffer(duckDb).schema(files, format)));
        Tables.Ingested ingested = new Tables(duckDb).ingest(files, format, schema, out);
        Profile profile = new Profiler(duckDb).profile(ingested.parquet());
        Baseline baseline = new Baselines(duckDb).take(ingested.parquet());
        ExpectationReport report =
                new ExpectationChecker(duckDb).check(ingested.parquet(), suite.lasting(), profile);
        return new Outcome(
                ingested.parquet(),
                ingested.handedOver(),
                ingested.schema(),
                profile,
                baseline,
                report);
    }
}
