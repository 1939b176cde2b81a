/**
 * The first stage: files become a table that the pipeline can trust. Files, their format and an
 * expectation suite go in; one Parquet file and evidence (schema, profile, what each expectation
 * found) come out. Whether the evidence is good enough is for the gate to say, each time anew.
 *
 * <p>Start at {@link dev.weir.stage.ingest.IngestJob}. It knows nothing of the engine that runs it.
 *
 * <pre>{@code
 * IngestJob.Outcome done = new IngestJob(duckDb).run(files, format, suite, out);
 * done.report().notPassed().forEach(r -> System.out.println(r.message()));
 * }</pre>
 */
@NullMarked
package dev.weir.stage.ingest;

import org.jspecify.annotations.NullMarked;
