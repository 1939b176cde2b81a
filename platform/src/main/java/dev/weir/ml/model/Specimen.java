package dev.weir.ml.model;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** A row that a model must be able to answer for: made of its signature alone. */
final class Specimen {
    private static final double SOME_DAY = 20_000;
    private static final double SECONDS_OF_A_DAY = 86_400;

    private Specimen() {}

    /** One row: the middle of each range, the first of each list, no words. */
    static Columns of(Signature signature) {
        Map<String, Columns.Column> values = new HashMap<>();
        for (Input input : signature.inputs()) {
            values.put(
                    input.name(),
                    switch (input) {
                        case Input.Number(String _, double min, double max) ->
                                number(min / 2 + max / 2);
                        case Input.Moment(String _, Input.Moment.Unit unit) ->
                                number(
                                        unit == Input.Moment.Unit.DAYS
                                                ? SOME_DAY
                                                : SOME_DAY * SECONDS_OF_A_DAY);
                        case Input.Category category ->
                                text(
                                        category.categories().isEmpty()
                                                ? null
                                                : category.categories().getFirst());
                        case Input.Text _ -> text(null);
                    });
        }
        return new Columns(1, values);
    }

    private static Columns.Column number(double value) {
        return new Columns.Numbers(new double[] {value});
    }

    private static Columns.Column text(@Nullable String value) {
        return new Columns.Texts(new @Nullable String[] {value});
    }
}
