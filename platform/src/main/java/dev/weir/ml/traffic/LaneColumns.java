package dev.weir.ml.traffic;

import dev.weir.base.digest.Digest;
import dev.weir.ml.data.log.Layout;
import dev.weir.ml.data.log.LogColumn;
import dev.weir.ml.data.log.LogColumn.Kind;
import dev.weir.ml.model.Input;
import dev.weir.ml.model.Signature;
import dev.weir.ml.stats.Task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The columns in which one variant's predictions are kept, and how a row has them before what is to
 * be hidden is hidden.
 *
 * @param raw as a row is offered, {@code _key} and {@code _assignment} first
 * @param hidden which of them become pseudonyms before they meet a disk
 * @param inputs for each input of the signature whether it is kept
 * @param keyInput the place of the input that is the key, or -1
 * @param constants what all rows have in common
 */
record LaneColumns(
        List<LogColumn> raw,
        boolean[] hidden,
        boolean[] inputs,
        int keyInput,
        List<Layout.Constant> constants) {
    static final String ID = "_id";
    static final String TIME = "_time";
    static final String KEY = "_key";
    static final String VARIANT = "_variant";
    static final String RATE = "_rate";
    static final String VERSION = "_version";
    static final String ERROR = "_error";

    /** Columns before outputs and inputs. */
    static final List<LogColumn> FIXED =
            List.of(
                    new LogColumn(KEY, Kind.TEXT),
                    new LogColumn("_assignment", Kind.TEXT),
                    new LogColumn(ID, Kind.TEXT),
                    new LogColumn(TIME, Kind.TIME),
                    new LogColumn("_propensity", Kind.NUMBER),
                    new LogColumn("_latency_ns", Kind.WHOLE),
                    new LogColumn(ERROR, Kind.TEXT),
                    new LogColumn("_decision", Kind.TEXT));

    static LaneColumns of(Origin origin, LogPolicy policy) {
        Signature signature = origin.signature();
        List<LogColumn> raw = new ArrayList<>(FIXED);
        Set<String> taken = new HashSet<>();
        FIXED.forEach(column -> taken.add(column.name()));
        List<Layout.Constant> constants = constants(origin, policy);
        constants.forEach(constant -> taken.add(constant.column().name()));
        for (String output : outputs(signature)) {
            raw.add(new LogColumn(free(output, taken), Kind.REAL));
        }
        boolean[] kept = new boolean[signature.inputs().size()];
        List<Boolean> masked = new ArrayList<>();
        int keyInput = -1;
        for (int i = 0; i < kept.length; i++) {
            Input input = signature.inputs().get(i);
            String name = input.name();
            if (name.equals(policy.key())) {
                keyInput = i;
            }
            kept[i] = !policy.exclude().contains(name);
            if (kept[i]) {
                raw.add(new LogColumn(free(name, taken), kind(input)));
                masked.add(policy.mask().contains(name) || name.equals(policy.key()));
            }
        }
        boolean[] hidden = new boolean[raw.size()];
        hidden[0] = true;
        hidden[1] = true;
        for (int m = 0; m < masked.size(); m++) {
            hidden[raw.size() - masked.size() + m] = masked.get(m);
        }
        return new LaneColumns(List.copyOf(raw), hidden, kept, keyInput, constants);
    }

    /** Those of a signature, where nothing is left out or masked. */
    static LaneColumns plain(Signature signature) {
        Digest none = Digest.ofText("");
        return of(Origin.of("primary", 0, none, signature), LogPolicy.usual());
    }

    /** What the inputs of a signature are called in the log, in its order. */
    static List<String> inputNames(Signature signature) {
        List<LogColumn> all = plain(signature).raw();
        return all.subList(all.size() - signature.inputs().size(), all.size()).stream()
                .map(LogColumn::name)
                .toList();
    }

    static Kind kind(Input input) {
        return input.datatype().equals("FP64") ? Kind.NUMBER : Kind.TEXT;
    }

    private static List<String> outputs(Signature signature) {
        return signature.task() == Task.MULTICLASS
                ? signature.labels().stream().map(label -> "_p_" + label).toList()
                : List.of("_score");
    }

    private static List<Layout.Constant> constants(Origin origin, LogPolicy policy) {
        List<Layout.Constant> constants = new ArrayList<>();
        constants.add(constant(VARIANT, Kind.TEXT, origin.role()));
        constants.add(constant(VERSION, Kind.WHOLE, String.valueOf(origin.version())));
        constants.add(constant("_model", Kind.TEXT, origin.model().hex()));
        constants.add(constant("_threshold", Kind.NUMBER, String.valueOf(origin.threshold())));
        constants.add(constant(RATE, Kind.NUMBER, String.valueOf(policy.sample())));
        return List.copyOf(constants);
    }

    private static Layout.Constant constant(String name, Kind kind, String text) {
        return new Layout.Constant(new LogColumn(name, kind), text);
    }

    /** The name, or with as many underscores behind it as it takes to differ from all others. */
    private static String free(String name, Set<String> taken) {
        String free = name;
        while (!taken.add(free.toLowerCase(Locale.ROOT))) {
            free += "_";
        }
        return free;
    }

    /** As the rows are kept: what is hidden is text. */
    Layout layout() {
        List<LogColumn> kept = new ArrayList<>();
        for (int c = 0; c < raw.size(); c++) {
            LogColumn column = raw.get(c);
            kept.add(hidden[c] ? new LogColumn(column.name(), Kind.TEXT) : column);
        }
        return new Layout(constants, kept);
    }

    /** Whether anything besides key and assignment is hidden. */
    boolean masks() {
        for (int c = 2; c < hidden.length; c++) {
            if (hidden[c]) {
                return true;
            }
        }
        return false;
    }
}
