package dev.weir.stage.train;

import dev.weir.ml.data.ColumnType;
import dev.weir.ml.data.DuckDb;
import dev.weir.ml.data.Schema;
import dev.weir.ml.data.matrix.DatePart;
import dev.weir.ml.data.matrix.FeatureColumn;
import dev.weir.ml.data.matrix.ValueCounts;
import dev.weir.ml.model.Input;
import dev.weir.stage.train.TrainingData.LeftOut;
import dev.weir.stage.train.parameter.Trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides which columns of a table can be features, and as what each is read. */
final class FeatureChoice {
    /** A category of more values than this is not taken as it is. */
    static final int MOST_CATEGORIES = 255;

    /** How many of the most frequent values are counted in the rows to train on. */
    static final int LOOKED_FOR = 4 * MOST_CATEGORIES;

    private final TrainJob job;
    private final DuckDb duckDb;
    private final Schema schema;

    FeatureChoice(TrainJob job, DuckDb duckDb, Schema schema) {
        this.job = job;
        this.duckDb = duckDb;
        this.schema = schema;
    }

    /**
     * What was decided.
     *
     * @param columns of the matrix: numbers, then parts of days and moments, then categories, each
     *     kind in the order of the job
     * @param texts columns that are read word by word
     */
    record Chosen(List<FeatureColumn> columns, List<String> texts, List<LeftOut> leftOut) {}

    /**
     * Decides.
     *
     * @param values of each category without a frozen list, at most {@link #LOOKED_FOR} of them
     */
    Chosen choose(Map<String, List<String>> values) {
        List<FeatureColumn> numbers = new ArrayList<>();
        List<FeatureColumn> moments = new ArrayList<>();
        List<FeatureColumn> categories = new ArrayList<>();
        Chosen chosen = new Chosen(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Feature feature : job.features()) {
            String name = feature.name();
            ColumnType type = schema.required(name).type();
            if (type.temporal()) {
                for (DatePart part : unit(type).parts()) {
                    moments.add(new FeatureColumn.Part(name, part));
                }
                continue;
            }
            switch (feature.kind()) {
                case NUMBER -> numbers.add(new FeatureColumn.Numeric(name));
                case TEXT -> text(name, chosen);
                case CATEGORY -> {
                    List<String> known =
                            feature.categories()
                                    .orElseGet(() -> known(values.getOrDefault(name, List.of())));
                    if (feature.categories().isPresent() || known.size() <= MOST_CATEGORIES) {
                        categories.add(new FeatureColumn.Categorical(name, known));
                    } else {
                        manyValues(name, categories, chosen);
                    }
                }
            }
        }
        chosen.columns().addAll(numbers);
        chosen.columns().addAll(moments);
        chosen.columns().addAll(categories);
        return chosen;
    }

    static Input.Moment.Unit unit(ColumnType type) {
        return type == ColumnType.DATE ? Input.Moment.Unit.DAYS : Input.Moment.Unit.SECONDS;
    }

    private void text(String name, Chosen chosen) {
        if (job.parameters().trainer() == Trainer.LINEAR) {
            chosen.texts().add(name);
        } else {
            chosen.leftOut()
                    .add(
                            new LeftOut(
                                    name,
                                    "text of many words, which only the trainer linear reads"));
        }
    }

    /** Sentences are read word by word; of names the most frequent are kept. */
    private void manyValues(String name, List<FeatureColumn> categories, Chosen chosen) {
        ValueCounts counts = new ValueCounts(duckDb);
        ValueCounts.Shape shape = counts.shape(job.table(), name);
        boolean reads = job.parameters().trainer() == Trainer.LINEAR;
        if (shape.isText() && (reads || shape.namesRows())) {
            text(name, chosen);
        } else if (shape.namesRows()) {
            chosen.leftOut()
                    .add(
                            new LeftOut(
                                    name,
                                    "text with more than "
                                            + MOST_CATEGORIES
                                            + " different values, nearly one for each row"));
        } else {
            List<String> most = counts.most(job.table(), name, LOOKED_FOR);
            categories.add(new FeatureColumn.Categorical(name, known(most), true));
        }
    }

    private static List<String> known(List<String> values) {
        return values.stream()
                .filter(each -> !each.isEmpty())
                .sorted(Input.Category.BY_UTF8)
                .toList();
    }
}
