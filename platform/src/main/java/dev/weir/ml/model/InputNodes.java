package dev.weir.ml.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Declares the inputs of a graph, and writes the nodes that make numbers of them. */
final class InputNodes {
    private static final double SECONDS_OF_A_DAY = 86_400;

    private final OnnxGraph graph;
    private final Signature signature;
    private int count;

    /**
     * Declares the inputs of a signature.
     *
     * @param signature numbers first, then moments, categories and texts
     */
    InputNodes(OnnxGraph graph, Signature signature) {
        this.graph = graph;
        this.signature = signature;
        int last = 0;
        for (Input input : signature.inputs()) {
            int place =
                    switch (input) {
                        case Input.Number _ -> 0;
                        case Input.Moment _ -> 1;
                        case Input.Category _ -> 2;
                        case Input.Text _ -> 3;
                    };
            if (place < last) {
                throw new IllegalArgumentException(
                        "input "
                                + input.name()
                                + ": out of place (expected: numbers, moments, categories, texts)");
            }
            last = place;
            graph.input(input.name(), place < 2 ? OnnxGraph.DOUBLE : OnnxGraph.STRING);
        }
    }

    /** The inputs of one sort, in order. */
    <T extends Input> List<T> all(Class<T> sort) {
        return signature.inputs().stream().filter(sort::isInstance).map(sort::cast).toList();
    }

    /** The name of a tensor inside the graph: one that no input and not the output has. */
    String inner(String name) {
        String free = Signature.free("weir/" + name, signature.inputs());
        return free.equals(signature.output()) ? free + "/" : free;
    }

    /** A node of a standard operator without attributes; the name of what it gives. */
    String node(String operator, String... inputs) {
        String output = inner("t" + count++);
        graph.node(operator, List.of(inputs), output, new OnnxGraph.Attributes());
        return output;
    }

    /** A number of double precision for each row of one column, or for all. */
    String number(double value) {
        String name = inner("c" + count++);
        graph.constant(name, new double[] {value}, 1);
        return name;
    }

    /** Tensors side by side: [N, a] and [N, b] become [N, a + b]. */
    String concat(List<String> parts, String as) {
        String joined = inner(as);
        graph.node("Concat", parts, joined, new OnnxGraph.Attributes().number("axis", 1));
        return joined;
    }

    /** The same numbers as another element type. */
    String cast(String tensor, int elementType, String as) {
        String cast = inner(as);
        graph.node(
                "Cast",
                List.of(tensor),
                cast,
                new OnnxGraph.Attributes().number("to", elementType));
        return cast;
    }

    /** The numbers of all inputs that are numbers, [N, …], single precision; empty where none. */
    List<String> floats() {
        List<String> names = all(Input.Number.class).stream().map(Input::name).toList();
        return names.isEmpty()
                ? List.of()
                : List.of(cast(concat(names, "numbers"), OnnxGraph.FLOAT, "floats"));
    }

    /** The parts of all moments, [N, 1] each, double precision. */
    List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (Input.Moment moment : all(Input.Moment.class)) {
            parts.addAll(parts(moment));
        }
        return parts;
    }

    /**
     * Year, month and day of the week of a count of days, by H. Hinnant's "civil_from_days"
     * (chrono-Compatible Low-Level Date Algorithms), whose years begin in March.
     */
    private List<String> parts(Input.Moment moment) {
        String days = moment.name();
        List<String> hour = List.of();
        if (moment.unit() == Input.Moment.Unit.SECONDS) {
            days = floor(moment.name(), SECONDS_OF_A_DAY);
            String seconds = node("Sub", moment.name(), times(days, SECONDS_OF_A_DAY));
            hour = List.of(floor(seconds, 3600));
        } else {
            days = node("Floor", days);
        }
        String z = node("Add", days, number(719_468));
        String era = floor(z, 146_097);
        String dayOfEra = node("Sub", z, times(era, 146_097));
        String leapless =
                node(
                        "Sub",
                        node(
                                "Add",
                                node("Sub", dayOfEra, floor(dayOfEra, 1_460)),
                                floor(dayOfEra, 36_524)),
                        floor(dayOfEra, 146_096));
        String yearOfEra = floor(leapless, 365);
        String before =
                node(
                        "Sub",
                        node("Add", times(yearOfEra, 365), floor(yearOfEra, 4)),
                        floor(yearOfEra, 100));
        String dayOfYear = node("Sub", dayOfEra, before);
        String monthFromMarch = floor(node("Add", times(dayOfYear, 5), number(2)), 153);
        String late = floor(monthFromMarch, 10);
        String month = node("Sub", node("Add", monthFromMarch, number(3)), times(late, 12));
        String year = node("Add", node("Add", yearOfEra, times(era, 400)), late);
        String shifted = node("Add", days, number(3));
        String weekday = node("Add", node("Sub", shifted, times(floor(shifted, 7), 7)), number(1));
        List<String> parts = new ArrayList<>(List.of(year, month, weekday));
        parts.addAll(hour);
        return parts;
    }

    private String floor(String tensor, double divisor) {
        return node("Floor", node("Div", tensor, number(divisor)));
    }

    private String times(String tensor, double factor) {
        return node("Mul", tensor, number(factor));
    }

    /** The place of a category as a float, [N, 1]; NaN is missing. */
    String code(Input.Category category, String as) {
        Keys keys = Keys.of(category, Float.NaN);
        float[] codes = new float[keys.places().size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = keys.places().get(i).floatValue();
        }
        String code = inner(as);
        graph.mlNode(
                "LabelEncoder",
                List.of(category.name()),
                code,
                new OnnxGraph.Attributes()
                        .number("default_float", keys.unknown().floatValue())
                        .texts("keys_strings", keys.keys())
                        .numbers("values_floats", codes));
        return code;
    }

    /** The place of a category as a whole number, [N, 1]; what is missing is behind all places. */
    String place(Input.Category category, String as) {
        Keys keys = Keys.of(category, (double) category.places());
        long[] places = keys.places().stream().mapToLong(Double::longValue).toArray();
        String place = inner(as);
        graph.mlNode(
                "LabelEncoder",
                List.of(category.name()),
                place,
                new OnnxGraph.Attributes()
                        .number("default_int64", keys.unknown().longValue())
                        .texts("keys_strings", keys.keys())
                        .numbers("values_int64s", places));
        return place;
    }

    /**
     * What a label encoder looks up: each category, also by the bytes that the runtime's binding
     * for Java gives; and where unknown texts have a place, the empty text, which has none.
     *
     * @param places of the keys
     * @param unknown the place of all other texts
     */
    private record Keys(List<byte[]> keys, List<Double> places, Double unknown) {
        static Keys of(Input.Category category, double missing) {
            List<byte[]> keys = new ArrayList<>();
            List<Double> places = new ArrayList<>();
            int count = category.categories().size();
            for (int i = 0; i < count; i++) {
                String text = category.categories().get(i);
                keys.add(text.getBytes(StandardCharsets.UTF_8));
                places.add((double) i);
                if (JavaText.differs(text)) {
                    keys.add(JavaText.bytes(text));
                    places.add((double) i);
                }
            }
            if (category.other()) {
                keys.add(new byte[0]);
                places.add(missing);
            }
            return new Keys(keys, places, category.other() ? count : missing);
        }
    }

    /** The shares of the known n-grams of a text, [N, n-grams], single precision. */
    String shares(Input.Text text, LinearModel.Ngrams ngrams, String as) {
        String flat = inner(as + "/shape");
        graph.constant(flat, new long[] {-1}, 1);
        String lower = inner(as + "/lower");
        graph.node(
                "StringNormalizer",
                List.of(node("Reshape", text.name(), flat)),
                lower,
                new OnnxGraph.Attributes()
                        .text("case_change_action", "LOWER")
                        .number("is_case_sensitive", 1)
                        .text("locale", "C"));
        String words = inner(as + "/words");
        graph.runtimeNode(
                "Tokenizer",
                List.of(lower),
                words,
                new OnnxGraph.Attributes()
                        .number("mark", 0)
                        .number("mincharnum", 1)
                        .text("pad_value", WordReader.PADDING)
                        .text("tokenexp", WordReader.EXPRESSION));
        String rarities = inner(as + "/rarities");
        graph.node("TfIdfVectorizer", List.of(words), rarities, pool(ngrams));
        String shares = inner(as);
        graph.node(
                "LpNormalization",
                List.of(rarities),
                shares,
                new OnnxGraph.Attributes().number("axis", -1).number("p", 2));
        return shares;
    }

    private static OnnxGraph.Attributes pool(LinearModel.Ngrams ngrams) {
        List<String> pool = new ArrayList<>();
        int longest = ngrams.known().getLast().size();
        long[] starts = new long[longest];
        int length = 0;
        for (List<String> ngram : ngrams.known()) {
            while (length < ngram.size()) {
                starts[length++] = pool.size();
            }
            pool.addAll(ngram);
        }
        long[] places = new long[ngrams.known().size()];
        Arrays.setAll(places, i -> i);
        return new OnnxGraph.Attributes()
                .text("mode", "IDF")
                .number("min_gram_length", 1)
                .number("max_gram_length", longest)
                .number("max_skip_count", 0)
                .numbers("ngram_counts", starts)
                .numbers("ngram_indexes", places)
                .texts("pool_strings", bytes(pool))
                .numbers("weights", ngrams.rarity());
    }

    private static List<byte[]> bytes(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }
}
