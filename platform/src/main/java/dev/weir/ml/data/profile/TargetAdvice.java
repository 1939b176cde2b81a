package dev.weir.ml.data.profile;

import dev.weir.ml.stats.Task;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * What is worth knowing about a table before a model of one of its columns is trained.
 *
 * @param task what kind of prediction the target asks for
 * @param positive the class whose probability a binary model gives; null for other tasks
 * @param classes the target's values, most frequent first; empty for regression
 * @param remarks about columns, in the order of the table; one column may have several
 */
public record TargetAdvice(
        Task task, @Nullable String positive, List<String> classes, List<Remark> remarks) {
    public TargetAdvice {
        classes = List.copyOf(classes);
        remarks = List.copyOf(remarks);
    }

    /** What a remark is about. */
    public enum Sort {
        /** The column tells the target: leave it out. */
        LEAK(true),
        /** Every row differs: it names rows. */
        IDENTIFIER(true),
        /** Every row is the same. */
        CONSTANT(true),
        /** No row has a value. */
        EMPTY(true),
        /** A text of so many values that the rare ones count as one. */
        MANY_VALUES(false),
        /** Sentences, to be read word by word. */
        TEXT(false),
        /** Another column says the same in other words. */
        DUPLICATE(false),
        /** Rows are in its order: offers a split by time. */
        TIME(false);

        private final boolean exclude;

        Sort(boolean exclude) {
            this.exclude = exclude;
        }

        /** Whether such a column is better left out of the features. */
        public boolean exclude() {
            return exclude;
        }
    }

    /**
     * One remark.
     *
     * @param sentence the reason, for a person
     */
    public record Remark(String column, Sort sort, String sentence) {}

    /** The columns that are better left out, in the order of the table, each once. */
    public List<String> exclude() {
        return remarks.stream()
                .filter(r -> r.sort.exclude())
                .map(Remark::column)
                .distinct()
                .toList();
    }

    /** The columns that are better read word by word, in the order of the table. */
    public List<String> texts() {
        return remarks.stream().filter(r -> r.sort == Sort.TEXT).map(Remark::column).toList();
    }

    /** The first column by whose time rows are ordered. */
    public Optional<String> time() {
        return remarks.stream().filter(r -> r.sort == Sort.TIME).map(Remark::column).findFirst();
    }
}
