package dev.weir.stage.deploy;

import dev.weir.ml.model.Columns;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a request, as the model takes them.
 *
 * @param signature whose inputs the columns are
 * @param count how many rows, at least 1
 * @param columns by the place of their input in the signature; numbers for FP64, else texts
 */
public record Rows(Signature signature, int count, List<Columns.Column> columns) {
    public Rows {
        columns = List.copyOf(columns);
        if (count < 1 || columns.size() != signature.inputs().size()) {
            throw new IllegalArgumentException(
                    "rows: "
                            + count
                            + " of "
                            + columns.size()
                            + " columns (expected: at least 1 of "
                            + signature.inputs().size()
                            + ")");
        }
    }

    /** The columns by name. */
    Columns byName() {
        Map<String, Columns.Column> byName = HashMap.newHashMap(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            byName.put(signature.inputs().get(i).name(), columns.get(i));
        }
        return new Columns(count, byName);
    }

    /**
     * The same rows for a model of another signature, whose inputs are among this one's; see {@link
     * Fit}.
     */
    Rows as(Signature other) {
        if (other.inputs().equals(signature.inputs())) {
            return new Rows(other, count, columns);
        }
        Columns all = byName();
        List<Columns.Column> theirs = new ArrayList<>(other.inputs().size());
        for (Input input : other.inputs()) {
            Columns.Column column = all.byName().get(input.name());
            if (column == null) {
                throw new IllegalArgumentException("no column " + input.name());
            }
            theirs.add(column);
        }
        return new Rows(other, count, theirs);
    }
}
