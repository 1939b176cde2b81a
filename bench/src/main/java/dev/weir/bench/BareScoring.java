package dev.weir.bench;

import dev.weir.ml.model.Input;
import dev.weir.ml.model.ModelFolder;
import dev.weir.ml.model.Scorer;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/** The bare scoring call of one row: prints its CPU in microseconds. Argument: a model's folder. */
final class BareScoring {
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 5;

    private BareScoring() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        try (Scorer scorer = Scorer.open(ModelFolder.read(folder), folder);
                Scorer.SingleRow row = scorer.singleRow()) {
            List<Input> inputs = scorer.signature().inputs();
            double[] micros = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int call = 0; call < CALLS; call++) {
                    for (int i = 0; i < inputs.size(); i++) {
                        switch (inputs.get(i)) {
                            case Input.Category category ->
                                    row.set(
                                            i,
                                            category.categories()
                                                    .get(call % category.categories().size()));
                            case Input.Text _ -> row.set(i, "weir");
                            case Input.Number _, Input.Moment _ -> row.set(i, (double) (call % 90));
                        }
                    }
                    row.score();
                }
                micros[round] =
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before)
                                / 1e3
                                / CALLS;
            }
            System.out.println(Checkout.median(micros));
        }
    }
}
