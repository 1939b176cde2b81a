package dev.weir.server.inference;

import dev.weir.base.problem.Problem;
import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.stage.deploy.Rows;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The columns of one request, put together by name. For one thread. */
final class RowsOf {
    private final Signature signature;
    private final int mostRows;
    private final Columns.@Nullable Column[] columns;

    RowsOf(Signature signature, int mostRows) {
        this.signature = signature;
        this.mostRows = mostRows;
        this.columns = new Columns.@Nullable Column[signature.inputs().size()];
    }

    /**
     * The place of an input of this name; -1 where there is none. Clients mostly send inputs in
     * their order.
     *
     * @param likely where it may well be
     */
    int place(String name, int likely) {
        List<Input> inputs = signature.inputs();
        if (likely < inputs.size() && inputs.get(likely).name().equals(name)) {
            return likely;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    Input input(int place) {
        return signature.inputs().get(place);
    }

    void put(int place, Columns.Column column) {
        if (columns[place] != null) {
            throw Problem.input("input.twice", input(place).name() + ": is there twice")
                    .exception();
        }
        columns[place] = column;
    }

    RuntimeException unknown(String name) {
        return Problem.input(
                        "input.unknown",
                        "no input '%s' (expected: %s)"
                                .formatted(
                                        name,
                                        String.join(
                                                ", ",
                                                signature.inputs().stream()
                                                        .map(Input::name)
                                                        .toList())))
                .exception();
    }

    /**
     * All of them.
     *
     * @throws dev.weir.base.problem.ProblemException where one is missing, their lengths differ,
     *     there are too many rows, or a number is not finite
     */
    Rows rows() {
        int count = -1;
        for (int i = 0; i < columns.length; i++) {
            Columns.Column column = columns[i];
            if (column == null) {
                throw missing();
            }
            if (count >= 0 && column.rows() != count) {
                throw Problem.input(
                                "input.shape",
                                "%s: %d rows (expected: %d, as the first input has)"
                                        .formatted(input(i).name(), column.rows(), count))
                        .exception();
            }
            count = column.rows();
            if (column instanceof Columns.Numbers numbers) {
                checkFinite(i, numbers.values());
            }
        }
        if (count < 1) {
            throw Problem.input("input.shape", "no rows (expected: at least one)").exception();
        }
        if (count > mostRows) {
            throw Problem.input(
                            "request.rows",
                            "%d rows (expected: at most %d)".formatted(count, mostRows))
                    .exception();
        }
        return new Rows(signature, count, Arrays.asList(columns));
    }

    private void checkFinite(int place, double[] values) {
        for (double value : values) {
            if (Double.isInfinite(value)) {
                throw Problem.input(
                                "input.number",
                                input(place).name()
                                        + ": beyond all numbers (expected: finite, or null where"
                                        + " it is missing)")
                        .exception();
            }
        }
    }

    private RuntimeException missing() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] == null) {
                names.add(input(i).name());
            }
        }
        return Problem.input(
                        "input.missing",
                        "missing: "
                                + String.join(", ", names)
                                + " (expected: every input of the model; null for a missing"
                                + " value)")
                .exception();
    }
}
