package dev.weir.project;

import dev.weir.base.digest.Digest;
import dev.weir.base.problem.Problem;
import dev.weir.ml.data.Dataset;
import dev.weir.ml.data.DatasetVersion;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.check.Comparison.Against;
import dev.weir.ml.data.drift.Baselines;
import dev.weir.ml.data.expect.DriftTerms;
import dev.weir.ml.stats.drift.Baseline;
import dev.weir.store.meta.Transaction;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the baselines that are kept with dataset versions. */
public final class StoredBaselines {
    private final Home home;

    public StoredBaselines(Home home) {
        this.home = home;
    }

    /**
     * What a table is compared with.
     *
     * @param terms which baseline its suite names
     * @param dataset the table's own, where it names none; null: it has none
     * @param own the digest of the table's own baseline; null where none is at hand
     */
    public Against against(
            Transaction tx, DriftTerms terms, @Nullable String dataset, @Nullable Digest own) {
        String name = terms.dataset() == null ? dataset : terms.dataset();
        if (name == null) {
            return Against.nothing("no dataset is named to compare with");
        }
        Long number = terms.version();
        List<Dataset> known = home.datasets().datasets(tx);
        if (known.stream().noneMatch(d -> d.name().equals(name))) {
            return terms.dataset() == null
                    ? Against.nothing("there is no accepted version to compare with")
                    : Against.missing("no dataset " + name + " (found: " + names(known) + ")");
        }
        Optional<DatasetVersion> version =
                number == null
                        ? home.datasets().accepted(tx, name)
                        : home.datasets().versions(tx, name).stream()
                                .filter(v -> v.number() == number)
                                .findFirst();
        if (version.isEmpty()) {
            return number == null
                    ? Against.nothing("there is no accepted version to compare with")
                    : Against.missing("no version " + number + " of dataset " + name);
        }
        return Against.of(
                baseline(version.get()),
                own == null ? null : Baselines.read(path(own)),
                version.get().ref());
    }

    private static String names(List<Dataset> known) {
        return known.isEmpty()
                ? "none"
                : String.join(", ", known.stream().map(Dataset::name).toList());
    }

    /** The baseline of a version; of one that was made before they were kept, taken now. */
    Baseline baseline(DatasetVersion version) {
        Digest kept = version.baseline();
        return kept == null
                ? new Baselines(new DuckDb(home.root().resolve("work"), 1))
                        .take(path(version.digest()))
                : Baselines.read(path(kept));
    }

    private Path path(Digest digest) {
        return home.blobs()
                .localPath(digest)
                .orElseThrow(
                        () ->
                                Problem.step("store.missing", "blob " + digest + " is gone")
                                        .exception());
    }
}
