package dev.weir.stage.train;

import dev.weir.ml.model.LinearModel;
import dev.weir.ml.model.Link;
import dev.weir.ml.model.OnnxExport;
import dev.weir.ml.model.Signature;
import dev.weir.stage.train.linear.Design;
import dev.weir.stage.train.linear.LinearProblem;
import dev.weir.stage.train.linear.Minimiser;
import dev.weir.stage.train.parameter.TrainerParameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintStream;
import java.util.BitSet;

/** One fit of a weighted sum of columns and words. */
final class LinearFit implements Fitted {
    private final LinearModel model;
    private final LinearColumns columns;
    private final Minimiser.Found found;

    private LinearFit(LinearModel model, LinearColumns columns, Minimiser.Found found) {
        this.model = model;
        this.columns = columns;
        this.found = found;
    }

    /**
     * Fits.
     *
     * @param log takes a line now and then
     * @throws dev.weir.base.problem.ProblemException (INPUT) where no word occurs often enough
     */
    static LinearFit fit(TrainingData data, TrainerParameters parameters, PrintStream log) {
        Signature signature = data.signature();
        LinearColumns columns = LinearColumns.of(data, parameters);
        Design design = columns.design(data, data.rows());
        Target target = Target.of(data);
        BitSet learned = new BitSet();
        learned.set(0, data.rows());
        learned.andNot(data.validation());
        LinearProblem problem =
                new LinearProblem(
                        target.link(),
                        signature.width(),
                        design,
                        target.scaled(data.labels()),
                        data.weights(),
                        parameters.real("l2"),
                        learned);
        Minimiser.Found found =
                new Minimiser(
                                problem,
                                parameters.whole("max_iterations"),
                                parameters.real("tolerance"),
                                parameters.threads())
                        .find(data.validation(), parameters.patience(), log);
        return new LinearFit(columns.model(found.w(), signature, target), columns, found);
    }

    /**
     * How labels are seen: numbers as so many deviations from their mean, so that one tolerance
     * suits all targets.
     */
    record Target(Link link, double mean, double deviation) {
        static Target of(TrainingData data) {
            return switch (data.signature().task()) {
                case BINARY -> new Target(Link.LOGISTIC, 0, 1);
                case MULTICLASS -> new Target(Link.SOFTMAX, 0, 1);
                case REGRESSION -> {
                    Moments moments = Moments.of(data.labels(), 1, 0);
                    yield new Target(
                            Link.IDENTITY,
                            moments.mean(),
                            moments.deviation() > 0 ? moments.deviation() : 1);
                }
            };
        }

        float[] scaled(float[] labels) {
            if (link != Link.IDENTITY) {
                return labels;
            }
            float[] scaled = new float[labels.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = (float) ((labels[i] - mean) / deviation);
            }
            return scaled;
        }
    }

    @Override
    public byte[] onnx(Signature signature) {
        return OnnxExport.bytes(model, signature);
    }

    @Override
    public float[] predict(TrainingData data, int rows) {
        return columns.predict(data, model, rows);
    }

    @Override
    public ObjectNode figures() {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("weights", found.w().length)
                        .put("iterations", found.iterations())
                        .put("objective", found.objective())
                        .put("steepest_slope", found.steepest())
                        .put("ended", found.end());
        if (!model.texts().isEmpty()) {
            json.put("words", model.texts().stream().mapToInt(each -> each.known().size()).sum());
        }
        return json;
    }

    @Override
    public void close() {}
}
